function __labkit_docker
    set -l words (commandline -opc) (commandline -ct)
    set -l flag (string match -r -- '^--[^=]+=' $words[-1])
    for line in ($words[1] __complete $words[2..-1] 2>/dev/null | string match -v ':*')
        echo -- $flag$line
    end
end
complete -c docker -f -a '(__labkit_docker)'
