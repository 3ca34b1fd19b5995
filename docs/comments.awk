# comments.awk: turns a header's plain // comments into what Doxygen reads.
#
# The block that opens a file is its contract: it describes the file, and the class that the file is named after. A
# block directly above a declaration describes that. The first sentence of a block is its brief description; a longer
# block is shown whole, as it is laid out.

function brief(text, count,    sentence, i) {
    for (i = 1; i <= count && text[i] != ""; ++i) sentence = sentence (i > 1 ? " " : "") text[i]
    if (match(sentence, /\. /)) sentence = substr(sentence, 1, RSTART)
    whole = count == 1 && sentence == text[1]
    gsub(/[\\@#<>&"%*_`~|-]/, "\\\\&", sentence)
    return sentence
}

function describe(text, count, command,    i) {
    print "/*! " command "@brief " brief(text, count) "\n"
    if (!whole) {
        print "@verbatim"
        for (i = 1; i <= count; ++i) print text[i]
        print "@endverbatim"
    }
    print "*/"
}

function flush_template() {
    if (template) print template
    template = ""
}

FNR == 1 {
    stem = FILENAME
    sub(/.*\//, "", stem)
    sub(/\.hpp$/, "", stem)
    opening = 1
}

# headers of others, which Doxygen does not have
/^#include <[^>]*>/ && !/<tessera\// { next }

/^ *\/\/( |$)/ {
    flush_template()
    sub(/^ *\/\/ ?/, "")
    sub(/ +$/, "")
    gsub(/\*\//, "* /")
    line[++lines] = $0
    next
}

opening {
    for (i = 1; i <= lines; ++i) contract[i] = line[i]
    contract_lines = lines
    describe(line, lines, "@file\n")
    opening = lines = 0
}

# a comment that stands apart describes nothing
lines && !/^ *([})]|$)/ {
    describe(line, lines, "")
    described = 1
}
{ lines = 0 }

/^template <.*>$/ && !described {
    flush_template()
    template = $0
    next
}

/^(class|struct) / && !/;$/ && !described {
    name = $2
    sub(/[:<{].*/, "", name)
    if (name == stem || name == stem "_layer") describe(contract, contract_lines, "")
}

{
    flush_template()
    described = /^template <.*>$/ && described
    print
}
