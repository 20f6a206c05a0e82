_labkit_docker() {
    local -a found
    found=("${(@f)$(${words[1]} __complete "${(@)words[2,CURRENT]}" 2>/dev/null)}")
    found=("${(@)found:#:*}")
    [[ ${words[CURRENT]} == --*=* ]] && compset -P '*='
    (( ${#found} )) && compadd -- "${(@)found%%$'\t'*}"
}
compdef _labkit_docker docker
