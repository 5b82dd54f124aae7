# fish completion of knbuild:  knbuild completion fish | source
function __knbuild_complete
    set -l program (commandline -opc)[1]
    set -l typed (commandline -ct)
    for line in ($program completion candidates (commandline -cp) 2>/dev/null)
        switch $line
            case :files
                __fish_complete_path $typed
            case :directories
                __fish_complete_directories $typed
            case '*'
                printf '%s\n' $line
        end
    end
end
complete -c knbuild -f -a '(__knbuild_complete)'
