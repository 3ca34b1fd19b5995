// batched_product: the same product for every matrix of a batch; see product.hpp. A stride of zero shares an operand.
//
// Workspace    batched_product_workspace<Arch, T>(shape, batches) bytes. Many small products run side by side, each
//              thread's share in a slot of its own; few or large ones run one after another, each in parallel.
#pragma once
#include <tessera/backend/simd/product.hpp>
#include <tessera/backend/simd/shares.hpp>

namespace tessera::detail::simd {

// too little work to share out
constexpr bool is_small_product(const product_shape& s, std::ptrdiff_t batches = 1) {
    return std::ptrdiff_t(s.m) * s.n * s.k * batches <= 1 << 18;
}

// `share`: bytes of room for a product.
constexpr int batched_product_slots(const product_shape& shape, int batches, std::size_t share) {
    if (batches < 8 && !is_small_product(shape)) return 1;
    if (is_small_product(shape, batches)) return 1;
    return shares(batches, share);
}

template <class Arch, class T>
constexpr std::size_t batched_product_workspace(const product_shape& shape, int batches,
                                                beforehand form = beforehand::nothing, bool a_is_computed = false) {
    const std::size_t share = product_workspace<Arch, T>(shape, form, a_is_computed);
    const int slots = batched_product_slots(shape, batches, share);
    return slots <= 1 ? std::size_t(std::max(slots, 0)) * share : room_of_shares(batches, share);
}

// The tail sees offsets from c, the start of the whole batch. Batches: of all rows.
template <class Arch, class T>
void batched_product(const product_shape& shape, int batches, const batch_strides& strides,
                     const std::type_identity_t<copied_operand<T>>& a, const T* b, T* c, bool accumulate,
                     const tail& after, std::byte* workspace,
                     const std::type_identity_t<prepared_operand<T>>& prepared = {},
                     const batch_rows& rows = {}) noexcept {
    const product_plan<Arch, T> plan(shape, prepared.form, a.computed());
    const std::size_t share = plan.bytes();
    const int slots = threads::useful(batched_product_slots(shape, batches, share));
    threads::parallel(slots, [&](int slot) noexcept {
        const int begin = int(std::ptrdiff_t(batches) * slot / slots);
        const int end = int(std::ptrdiff_t(batches) * (slot + 1) / slots);
        std::byte* const room = workspace + static_cast<std::size_t>(slot) * share;
        if (plan.alone)
            return products_alone<Arch>(plan, begin, end, strides, rows, a.at, b, prepared.at, c, accumulate, after,
                                        reinterpret_cast<T*>(room));
        for (int i = begin; i < end; ++i) {
            const batch_strides at = strides * (i / rows.length) + rows.step * (i % rows.length);
            const shifted_tail shifted{after, at.c};
            product<Arch>(plan, a + at.a, b + at.b, c + at.c, accumulate, shifted.get(), room,
                          prepared_operand<T>{prepared.at + at.prepared, prepared.form});
        }
    });
}

}  // namespace tessera::detail::simd
