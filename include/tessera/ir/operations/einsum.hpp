// einsum("i,io->o", a, b): the sum over every label that the result lacks of the product of the operands.
//
//   in      one to three operands with one letter an axis; a letter stands for one extent
//   out     the letters after the arrow
//
//   "ij->j"            of one operand: a sum and a permutation
//   "ii->i", "ii->"    a letter twice in an operand: its diagonal
//   "...i,io->...o"    an ellipsis: any number of further axes, counted from the last, of equal extents where both
//                      operands have them
//   "bi,ij,bj->b"      three operands: two products, in the order that takes the fewest multiply-adds of a sample
//
// Gradient    exact: two einsums for each product.
// Cost        the product of all extents of a product, in multiply-adds. A diagonal is a copy; of axes that are not the
//             last two, a copy of the operand before.
// Errors      an equation without '->', or with another number of ','; a label count that is not the rank; a label with
//             two extents, twice in the result, or new there; an ellipsis in the result that no operand has.
#pragma once
#include <tessera/ir/layout_of.hpp>
#include <tessera/ir/operations/reduce.hpp>
#include <tessera/ir/running_sum.hpp>

namespace tessera {

namespace detail {

// every label stands in two of the three lists: of the first operand, of the second, of the result
struct einsum_attributes {
    char labels[3][8];

    constexpr std::string_view of(int which) const {
        std::size_t k = 0;
        while (k < max_rank && labels[which][k] != 0) ++k;
        return {labels[which], k};
    }
    constexpr std::string_view a() const { return of(0); }
    constexpr std::string_view b() const { return of(1); }
    constexpr std::string_view out() const { return of(2); }
};

namespace equation {

// not by string_view::find: with -fsanitize=undefined, g++ 12 does not take that for constant
constexpr int find(std::string_view labels, char c) {
    for (std::size_t i = 0; i < labels.size(); ++i)
        if (labels[i] == c) return static_cast<int>(i);
    return -1;
}
constexpr bool repeats(std::string_view labels) {
    for (std::size_t i = 0; i < labels.size(); ++i)
        if (find(labels.substr(i + 1), labels[i]) >= 0) return true;
    return false;
}

}  // namespace equation

// the node: every label stands in two of the three lists; the batch is summed when the result is shared
constexpr value contract(std::string_view a, std::string_view b, std::string_view out, value x, value y,
                         bool shared_result = false) {
    node n;
    n.kind = op::einsum;
    einsum_attributes own{};
    const auto write = [&](int which, std::string_view labels) {
        for (std::size_t i = 0; i < labels.size(); ++i) own.labels[which][i] = labels[i];
    };
    write(0, a);
    write(1, b);
    write(2, out);
    for (char c : out) {
        const int i = equation::find(a, c);
        n.shape.push(i >= 0 ? x.extent(i) : y.extent(equation::find(b, c)));
    }
    return shared_result ? add_summed_node(*x.owner, n, {x, y}, own) : add_node(*x.owner, n, {x, y}, own);
}

// x without the labels that nothing else has, in the order given by the rest of its labels
constexpr value drop_labels(value x, std::string_view& labels, char (&kept)[max_rank], std::string_view wanted) {
    unsigned mask = 0;
    std::size_t k = 0;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        if (equation::find(wanted, labels[i]) < 0)
            mask |= 1u << i;
        else
            kept[k++] = labels[i];
    }
    labels = std::string_view(kept, k);
    return mask == 0 ? x : sum(x, axis_set{axis_set::form::listed, mask});
}

// An equation taken apart. Labels are given to the axes of an ellipsis, and a label twice in an operand is a diagonal,
// which is taken before the rest.
class equation_reader {
  public:
    static constexpr int most = 3;  // operands

    constexpr equation_reader(graph& g, std::string_view written, const value* operands, int count)
        : graph_(g), written_(written), count_(count) {
        for (int k = 0; k < count; ++k) x_[k] = operands[k];
        good_ = read();
    }
    constexpr value result() {
        if (!good_ || graph_.failed) return {&graph_, -1};
        if (count_ == 1) return alone();
        if (count_ == 3) contract_cheapest();
        return product(0, 1, out_);
    }

  private:
    struct list {
        char of[2 * max_rank + 1] = {};
        int count = 0;

        constexpr void push(char c) {
            if (count < 2 * max_rank + 1) of[count++] = c;
        }
        constexpr std::string_view view() const { return {of, static_cast<std::size_t>(count)}; }
        constexpr bool has(char c) const { return equation::find(view(), c) >= 0; }
    };

    constexpr bool wrong(text expected, text found, text hint = {}) {
        reject(graph_, detail::within{"einsum"}, expected, found, hint);
        return false;
    }
    constexpr bool read() {
        constexpr std::string_view forms[] = {"an equation 'abc->ca'", "an equation 'ab,bc->ac'",
                                              "an equation 'ab,bc,cd->ad'"};
        std::size_t arrow = 0, first = 0;
        while (arrow + 1 < written_.size() && !(written_[arrow] == '-' && written_[arrow + 1] == '>')) ++arrow;
        int commas = 0;
        for (std::size_t i = 0; i < written_.size(); ++i) commas += written_[i] == ',';
        if (arrow + 1 >= written_.size() || commas != count_ - 1 || equation::find(written_.substr(arrow), ',') >= 0) {
            text form(forms[count_ - 1]);
            if (count_ == 1) form = form + std::string_view(" for ") + x_[0].shape().describe().view();
            return wrong(form, text(written_));
        }
        std::string_view part[most];
        for (int k = 0; k < count_; ++k) {
            std::size_t end = first;
            while (end < arrow && written_[end] != ',') ++end;
            part[k] = written_.substr(first, end - first);
            first = end + 1;
        }
        const std::string_view out = written_.substr(arrow + 2);
        int widest = 0;  // of the ellipses
        bool any_ellipsis = false;
        for (int k = 0; k < count_; ++k) {
            const int named = named_axes(part[k]), own = x_[k].rank();
            if (named < 0) return wrong(text("letters, and '...' at most once in an operand"), text(written_));
            if (named > own || (named < own && !has_ellipsis(part[k]))) return wrong_rank();
            any_ellipsis = any_ellipsis || has_ellipsis(part[k]);
            if (own - named > widest) widest = own - named;
        }
        if (named_axes(out) < 0) return wrong(text("letters, and '...' at most once in the result"), text(written_));
        for (int k = 0; k < count_; ++k) labels_[k] = spelled(part[k], x_[k].rank() - named_axes(part[k]));
        out_ = spelled(out, has_ellipsis(out) ? widest : 0);
        if (has_ellipsis(out) && !any_ellipsis)
            return wrong(text("an ellipsis in an operand, as in the result"), text(written_));
        if (equation::repeats(out_.view())) return wrong(text("labels that occur once in the result"), text(written_));
        for (int k = 0; k < count_; ++k)
            if (!take_diagonals(k)) return false;
        for (int k = 0; k < count_; ++k)
            for (int j = 0; j < k; ++j)
                for (int i = 0; i < labels_[k].count; ++i)
                    if (const int at = equation::find(labels_[j].view(), labels_[k].of[i]);
                        at >= 0 && !same_extent(labels_[k].of[i], x_[j].extent(at), x_[k].extent(i)))
                        return false;
        for (char c : out_.view()) {
            bool known = false;
            for (int k = 0; k < count_; ++k) known = known || labels_[k].has(c);
            if (!known)
                return wrong(
                    text("result labels taken from the ") + std::string_view(count_ == 1 ? "operand" : "operands"),
                    text(written_));
        }
        return out_.count <= max_rank || wrong(text("a result of rank 6 or less"), text("labels ") + out_.view());
    }
    constexpr bool wrong_rank() {
        if (count_ == 1)
            return wrong(text("an equation 'abc->ca' for ") + x_[0].shape().describe().view(), text(written_));
        text shapes = x_[0].shape().describe();
        for (int k = 1; k < count_; ++k) shapes = shapes + std::string_view(" and ") + x_[k].shape().describe().view();
        return wrong(text("a label for each axis of '") + written_ + std::string_view("'"), shapes);
    }
    constexpr bool same_extent(char c, int a, int b) {
        if (a == b) return true;
        text label("an axis of '...'");
        if (!is_of_ellipsis(c)) label = text("label '") + c_text(c).view() + std::string_view("'");
        return wrong(text("equal extents for ") + label.view(), text("") + a + std::string_view(" and ") + b,
                     text(written_));
    }
    static constexpr text c_text(char c) { return text(std::string_view(&c, 1)); }

    // the axes of an ellipsis are counted from the last one
    static constexpr char of_ellipsis(int from_last) { return static_cast<char>('0' + from_last); }
    static constexpr bool is_of_ellipsis(char c) { return c >= '0' && c <= '9'; }
    static constexpr bool has_ellipsis(std::string_view labels) { return equation::find(labels, '.') >= 0; }
    // how many labels are letters; -1 where another sign is among them
    static constexpr int named_axes(std::string_view labels) {
        int letters = 0, dots = 0;
        for (std::size_t i = 0; i < labels.size(); ++i) {
            const char c = labels[i];
            if (c == '.') {
                if (dots % 3 != 0 && labels[i - 1] != '.') return -1;
                ++dots;
            } else if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
                ++letters;
            } else {
                return -1;
            }
        }
        return dots == 0 || dots == 3 ? letters : -1;
    }
    static constexpr list spelled(std::string_view labels, int axes_of_ellipsis) {
        list l;
        for (std::size_t i = 0; i < labels.size(); ++i) {
            if (labels[i] != '.') {
                l.push(labels[i]);
                continue;
            }
            for (int a = axes_of_ellipsis - 1; a >= 0; --a) l.push(of_ellipsis(a));
            i += 2;
        }
        return l;
    }

    // both axes of a label go last, (..., n, n), and become one of which every n + 1st element is taken
    constexpr bool take_diagonals(int k) {
        for (int i = 0; i < labels_[k].count; ++i) {
            const char c = labels_[k].of[i];
            int j = i + 1;
            while (j < labels_[k].count && labels_[k].of[j] != c) ++j;
            if (j == labels_[k].count) continue;
            value& x = x_[k];
            const int n = x.extent(i);
            if (!same_extent(c, n, x.extent(j))) return false;
            permutation order;
            list left;
            for (int a = 0; a < labels_[k].count; ++a)
                if (a != i && a != j) {
                    order.push(a);
                    left.push(labels_[k].of[a]);
                }
            order.push(i);
            order.push(j);
            left.push(c);
            extents flat = permute(x, order).shape();
            --flat.rank;
            flat[-1] = n * n;
            x = slice(reshape(permute(x, order), flat), -1, 0, n, n + 1);
            labels_[k] = left;
            i = -1;
        }
        return true;
    }

    constexpr value alone() {
        char kept[max_rank] = {};
        std::string_view labels = labels_[0].view();
        const value x = drop_labels(x_[0], labels, kept, out_.view());
        permutation order;
        for (char c : out_.view()) order.push(equation::find(labels, c));
        return permute(x, order);
    }
    constexpr value product(int p, int q, const list& out) {
        list need_p = labels_[q], need_q = labels_[p];
        for (char c : out.view()) {
            need_p.push(c);
            need_q.push(c);
        }
        char kept_p[max_rank] = {}, kept_q[max_rank] = {};
        std::string_view a = labels_[p].view(), b = labels_[q].view();
        const value x = drop_labels(x_[p], a, kept_p, need_p.view()), y = drop_labels(x_[q], b, kept_q, need_q.view());
        if (!x.valid() || !y.valid()) return {&graph_, -1};
        return contract(a, b, out.view(), x, y);
    }

    // what a product of two leaves for the third: the labels that it or the result has
    constexpr list left_by(int p, int q, int third) const {
        list l;
        for (int k : {p, q})
            for (char c : labels_[k].view())
                if (!l.has(c) && (labels_[third].has(c) || out_.has(c))) l.push(c);
        return l;
    }
    constexpr int extent_of(char c) const {
        for (int k = 0; k < count_; ++k)
            if (const int at = equation::find(labels_[k].view(), c); at >= 0) return x_[k].extent(at);
        return 1;
    }
    // multiply-adds of a product of operands with these labels
    constexpr double cost(const list& a, const list& b) const {
        double n = 1;
        for (char c : a.view()) n *= extent_of(c);
        for (char c : b.view())
            if (!a.has(c)) n *= extent_of(c);
        return n;
    }
    // three operands become two, in the order that takes the fewest multiply-adds; of equal ones the first as written
    constexpr void contract_cheapest() {
        constexpr int orders[3][3] = {{0, 1, 2}, {0, 2, 1}, {1, 2, 0}};
        int best = -1;
        double least = 0;
        for (int i = 0; i < 3; ++i) {
            const auto& [p, q, third] = orders[i];
            const list left = left_by(p, q, third);
            const double total = cost(labels_[p], labels_[q]) + cost(left, labels_[third]);
            if (left.count <= max_rank && (best < 0 || total < least)) {
                best = i;
                least = total;
            }
        }
        if (best < 0) {
            wrong(text("a product of two operands of rank 6 or less"), text(written_));
            x_[0] = {&graph_, -1};
            return;
        }
        const auto& [p, q, third] = orders[best];
        const list left = left_by(p, q, third);
        const value both = product(p, q, left), other = x_[third];
        const list of_other = labels_[third];
        x_[0] = third < p ? other : both;
        x_[1] = third < p ? both : other;
        labels_[0] = third < p ? of_other : left;
        labels_[1] = third < p ? left : of_other;
    }

    graph& graph_;
    std::string_view written_;
    int count_;
    value x_[most];
    list labels_[most], out_;
    bool good_ = false;
};

}  // namespace detail

constexpr value einsum(std::string_view text_of_equation, const detail::operand& first, const detail::operand& second) {
    graph& g = common_graph(first, second);
    const value x = first.in(g), list[] = {x, second.in(g)};
    if (!list[0].valid() || !list[1].valid()) return {&g, -1};
    return detail::equation_reader(g, text_of_equation, list, 2).result();
}
constexpr value einsum(std::string_view text_of_equation, const detail::operand& first, const detail::operand& second,
                       const detail::operand& third) {
    graph& g = common_graph(first, second, third);
    const value x = first.in(g), y = second.in(g), list[] = {x, y, third.in(g)};
    if (!list[0].valid() || !list[1].valid() || !list[2].valid()) return {&g, -1};
    return detail::equation_reader(g, text_of_equation, list, 3).result();
}

template <detail::no_value A, detail::no_value B>
one_operand_must_be_a_value_of_the_network einsum(std::string_view, const A&, const B&) = delete;
template <detail::no_value A, detail::no_value B, detail::no_value C>
one_operand_must_be_a_value_of_the_network einsum(std::string_view, const A&, const B&, const C&) = delete;

constexpr value einsum(std::string_view text_of_equation, value x) {
    if (!x.valid()) return x;
    return detail::equation_reader(*x.owner, text_of_equation, &x, 1).result();
}

namespace detail {

// What an einsum is to a kernel that multiplies matrices: c[m][n] += a[m][k] b[k][n], inside loops over
// whatever does not fold into m, n and k. Strides are elements; the batch is one of the loops or folded.
struct contraction {
    struct axis {
        long extent = 1, a = 0, b = 0, c = 0;
        bool counted = false;  // extent is to be multiplied by the number of samples
    };
    static constexpr int capacity = 2 * max_rank + 2;
    axis m, n, k;
    axis outer[capacity] = {};  // further loops; those with c == 0 accumulate
    int outer_count = 0;

    // accumulating loops stand last
    constexpr int accumulating() const {
        int count = 0;
        for (int i = 0; i < outer_count; ++i) count += outer[i].c == 0;
        return count;
    }

    static constexpr contraction of(const graph_view& g, const node& self) {
        return of(g, self, layout_of(g, g.argument(self, 0)), layout_of(g, g.argument(self, 1)));
    }
    // with these layouts of the operands
    static constexpr contraction of(const graph_view& g, const node& self, const layout& x, const layout& y);
};

constexpr contraction contraction::of(const graph_view& graph, const node& self, const layout& x, const layout& y) {
    const layout z = layout::row_major(self.shape, self.batched);
    const bool samples_of_x = graph.operand(self, 0).batched, samples_of_y = graph.operand(self, 1).batched;
    const auto own = graph.attributes<einsum_attributes>(self);
    const std::string_view a = own.a(), b = own.b(), out = own.out();
    struct group {
        axis list[capacity] = {};
        int count = 0;
        // neighbours in memory become one axis
        constexpr void push(const axis& inner) {
            if (inner.extent == 1 && !inner.counted) return;
            if (count > 0) {
                axis& o = list[count - 1];
                const bool fits = o.a == inner.a * inner.extent && o.b == inner.b * inner.extent &&
                                  o.c == inner.c * inner.extent && !inner.counted;
                if (fits) {
                    o = {o.extent * inner.extent, inner.a, inner.b, inner.c, o.counted};
                    return;
                }
            }
            list[count++] = inner;
        }
    };
    group m, n, k, loops;
    const auto place = [&](const axis& e, bool in_a, bool in_b, bool in_c) {
        (in_a && in_b ? in_c ? loops : k : in_a ? m : n).push(e);
    };
    if (samples_of_x || samples_of_y)
        place({1, x.stride[0], y.stride[0], z.stride[0], true}, samples_of_x, samples_of_y, self.batched);
    const auto visit = [&](std::string_view labels, const layout& l, bool summed) {
        for (std::size_t i = 0; i < labels.size(); ++i) {
            const int in_a = equation::find(a, labels[i]), in_b = equation::find(b, labels[i]);
            const int in_out = equation::find(out, labels[i]);
            if (summed && in_out >= 0) continue;
            place({l.extent[i + 1], in_a < 0 ? 0 : x.stride[in_a + 1], in_b < 0 ? 0 : y.stride[in_b + 1],
                   in_out < 0 ? 0 : z.stride[in_out + 1], false},
                  in_a >= 0, in_b >= 0, in_out >= 0);
        }
    };
    visit(out, z, false);
    visit(a, x, true);

    contraction result;
    // one axis of each group is the kernel's own
    const auto settle = [&](const group& g, axis& kernels_own, int chosen) {
        if (g.count == 0) return;
        kernels_own = g.list[chosen];
        for (int i = 0; i < g.count; ++i)
            if (i != chosen) result.outer[result.outer_count++] = g.list[i];
    };
    // The longest; the samples count as so many, for a call may have few.
    const auto longest = [](const group& g, long samples) {
        int best = g.count - 1;
        const auto length = [&](int i) { return g.list[i].extent * (g.list[i].counted ? samples : 1); };
        for (int i = 0; i < g.count; ++i)
            if (length(i) > length(best)) best = i;
        return best;
    };
    // the one that is contiguous in the result, if there is one
    const auto contiguous = [](const group& g) {
        int best = g.count - 1;
        for (int i = 0; i < g.count; ++i)
            if (g.list[i].c == 1) best = i;
        return best;
    };
    for (int i = 0; i < loops.count; ++i) result.outer[result.outer_count++] = loops.list[i];
    settle(m, result.m, longest(m, 8));
    settle(n, result.n, contiguous(n));
    settle(k, result.k, longest(k, 32));
    return result;
}

struct einsum_operation {
    template <class T> static constexpr int items(const call<T>& c) { return c.elements(); }

    template <class T> static constexpr void run(const call<T>& c, int item) {
        const node &self = *c.self, &x = c.argument(0), &y = c.argument(1);
        const auto own = c.template attributes<einsum_attributes>();
        const std::string_view a = own.a(), b = own.b(), out = own.out();
        const position p = position::of(item % self.shape.size(), self.shape);
        long start_a = 0, start_b = 0, step_a[max_rank] = {}, step_b[max_rank] = {};
        int extent[max_rank] = {}, count = 0, total = 1;
        for (std::size_t i = 0; i < a.size(); ++i) {
            const int in_out = equation::find(out, a[i]), in_b = equation::find(b, a[i]);
            const int axis = static_cast<int>(i);
            if (in_out >= 0) {
                start_a += static_cast<long>(p.at[in_out]) * x.shape.stride(axis);
            } else {
                step_a[count] = x.shape.stride(axis);
                step_b[count] = y.shape.stride(in_b);
                extent[count++] = x.shape.size_of[i];
                total *= x.shape.size_of[i];
            }
        }
        for (std::size_t i = 0; i < b.size(); ++i)
            if (const int in_out = equation::find(out, b[i]); in_out >= 0)
                start_b += static_cast<long>(p.at[in_out]) * y.shape.stride(static_cast<int>(i));
        const bool over_batch = c.sums_batch();
        summation::running_sum<T> sum;
        for (int s = 0; s < (over_batch ? c.count : 1); ++s) {
            const int sample = over_batch ? s : item / self.shape.size();
            const T *u = c.x[0] + c.origin(0, sample) + start_a, *v = c.x[1] + c.origin(1, sample) + start_b;
            for (int r = 0; r < total; ++r) {
                long i = 0, j = 0;
                for (int q = count - 1, rest = r; q >= 0; --q) {
                    i += rest % extent[q] * step_a[q];
                    j += rest % extent[q] * step_b[q];
                    rest /= extent[q];
                }
                sum.add(u[i] * v[j]);
            }
        }
        c.y[item] = sum.total();
    }

    template <class Tape> static constexpr void gradient(Tape& t, value y, value dy) {
        const auto own = y.attributes<einsum_attributes>();
        const value a = y.argument(0), b = y.argument(1);
        if (t.wants(a)) t.add(a, contract(own.out(), own.b(), own.a(), dy, b, !a.batched()));
        if (t.wants(b)) t.add(b, contract(own.a(), own.out(), own.b(), a, dy, !b.batched()));
    }

    static constexpr double macs(const graph_view& g, const node& self) {
        double total = self.shape.size();
        const auto own = g.attributes<einsum_attributes>(self);
        const std::string_view a = own.a(), out = own.out();
        for (std::size_t i = 0; i < a.size(); ++i)
            if (equation::find(out, a[i]) < 0) total *= g.operand(self, 0).shape.size_of[i];
        return total;
    }
};

}  // namespace detail

}  // namespace tessera
