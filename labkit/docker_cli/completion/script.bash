_labkit_docker() {
    # Bash cuts words at colons and equals signs; names of images have colons.
    local typed="${COMP_LINE:0:COMP_POINT}" line words
    read -ra words <<< "$typed"
    [[ $typed == *[[:space:]] ]] && words+=("")
    local last="${words[-1]}"
    local kept="${last##*[:=]}"
    local cut="${last%"$kept"}"
    [[ $last == --*=* ]] && cut="${cut#*=}"
    COMPREPLY=()
    while IFS= read -r line; do
        line="${line%%$'\t'*}"
        [[ $line == :* ]] || COMPREPLY+=("${line#"$cut"}")
    done < <("${words[0]}" __complete "${words[@]:1}" 2>/dev/null)
}
complete -o default -F _labkit_docker docker
