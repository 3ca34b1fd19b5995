// A bias of pairs of an image's places from a table by rows and columns that they are apart.
//
//   table (H, Y, X), one of Y rows for each pair of a row of queries and one of keys, likewise of columns
//   bias  (H, T, S) = table[h, row_of(query's row, key's row), column_of(query's column, key's column)]
//
// Rows and columns are looked up one after the other: the numbers of a constant are few, and what is read stands side by
// side.
#pragma once
#include <tessera/ir/operations/gather_axis.hpp>
#include <tessera/ir/operations/permute.hpp>
#include <tessera/ir/operations/reshape.hpp>

namespace tessera::detail::image_pairs {

// of(i, j) for `queries` times `keys`
template <class Of> constexpr value pairs_of(graph& g, int queries, int keys, Of of) {
    list<int> numbers;
    for (int i = 0; i < queries; ++i)
        for (int j = 0; j < keys; ++j) numbers.push_back(of(i, j));
    return index_table(numbers, {queries, keys}).in(g);
}

constexpr value bias_of(value table, value rows, value columns) {
    const int heads = table.extent(0), queries = rows.extent(0) * columns.extent(0);
    const value by_column = gather(table, columns, 2);  // (H, Y, query x, key x)
    const value by_both = gather(by_column, rows, 1);   // (H, query y, key y, query x, key x)
    return reshape(permute(by_both, {0, 1, 3, 2, 4}), {heads, queries, rows.extent(1) * columns.extent(1)});
}

}  // namespace tessera::detail::image_pairs
