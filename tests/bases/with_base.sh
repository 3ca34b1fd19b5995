#!/bin/bash
# with_base.sh FOLDER SOURCE COMPILER ARGUMENT...: the compiler, after the base in FOLDER that SOURCE includes, if any.
#
# That tests as much as without: SOURCE includes the base's headers, so what they declare is there in any case, and each
# of them is tested alone. Only the order of includes may differ; headers.two_units takes another.
folder=$1
source=$2
compiler=$3
here=$(dirname "$0")
shift 3
base=$(awk -f "$here/choose.awk" include="$here/../../include" source="$source" "$folder/list.txt") || exit 1
exec "$compiler" ${base:+-include "$folder/$base.hpp"} "$@"
