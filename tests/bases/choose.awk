# awk -f choose.awk include=FOLDER source=SOURCE list.txt: the first base of the list whose headers SOURCE includes.
#
# Counted is what stands above the first line of code, under no condition and no definition, of SOURCE and of the
# headers in FOLDER that it reaches; of a .cpp, whose messages are to name the same places, its own includes alone.

/^[^#]/ && NF > 1 && !chosen {
    if (!walked) {
        walked = 1
        walk(source)
    }
    for (i = 2; i <= NF && ($i in reached); ++i) continue
    if (i > NF) {
        chosen = 1
        print $1
    }
}

function walk(file,    line, conditions, path) {
    while ((getline line <file) > 0) {
        if (line ~ /^#include </ && !conditions) {
            path = substr(line, 11)
            sub(/>.*/, "", path)
            if (path in reached) continue
            reached[path] = 1
            if (path ~ /^tessera\// && source ~ /\.hpp$/) walk(include "/" path)
        } else if (line ~ /^# *if/)
            ++conditions
        else if (line ~ /^# *endif/)
            --conditions
        else if (line !~ /^(# *(include|pragma|line|el)|\/\/)/ && line !~ /^ *$/)
            break
    }
    close(file)
}
