// save_checkpoint, load_checkpoint: all that a training run needs to go on, in one crash-safe file.
//
//     save_checkpoint(train, "run.safetensors", {{"epoch", 12}});
//     const auto extra = load_checkpoint(train, "run.safetensors");       extra.at("epoch") == 12
//
//   <path>                   parameters and states: load(model, file, {.allow_surplus = true}) reads a checkpoint too
//   trainer/slot_<k>/<path>  of the optimiser
//   trainer/average/<path>   the moving average, where there is one
//   trainer/steps            I64
//   trainer/updates/<path>   I64, how often the optimiser has changed that parameter; a file without them is read as
//                            though each had been changed in all steps, but those whose slots are all 0: never
//   extra/<name>             F64, numbers of the caller's own
//
// Values have the trainer's own type, F32 or F64, and come back bit for bit. With a trainer of the same model,
// optimiser and options (the seed among them), a resumed run repeats an uninterrupted one exactly. What is not in
// the trainer, such as the best loss that a schedule has seen, is the caller's to keep as an extra number.
//
// Cost    a copy of the values each way.
// Errors  tessera::error as of load in model_file.hpp; a value of another type than the trainer's; a negative number of
//         steps or updates. The trainer and its model are then as they were.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <tessera/io/model_file.hpp>
#include <type_traits>
#include <vector>

namespace tessera {

namespace detail {

inline constexpr std::string_view steps_name = "trainer/steps", updates_prefix = "trainer/updates/",
                                  extra_prefix = "extra/";

template <class Trainer> auto checkpoint_tensors(Trainer& trainer) {
    using net = typename Trainer::network_type;
    constexpr int slots = std::remove_cvref_t<decltype(trainer.optimiser())>::slots;
    auto list = variables_of(trainer.trained());
    for (int k = 0; k < slots; ++k)
        bind_like_parameters<net>(list, trainer.slot(k), "trainer/slot_" + std::to_string(k) + "/");
    if (!trainer.average().empty()) bind_like_parameters<net>(list, trainer.average(), "trainer/average/");
    return list;
}

template <class Number> std::vector<std::byte> little_bytes(Number number) {
    std::vector<std::byte> bytes(sizeof(Number));
    store_little(number, bytes.data());
    return bytes;
}

inline std::int64_t count_of(const tensor_file& file, std::string_view name, const std::string& what) {
    const auto count = load_little<std::int64_t>(file.at(name).bytes.data());
    if (count < 0)
        throw error(tensor_place(file.name(), std::string(name)), "a number of " + what, std::to_string(count));
    return count;
}

template <class Trainer> std::string updates_name(int parameter) {
    const auto& table = Trainer::network_type::table;
    return std::string(updates_prefix) + std::string(table.path_of(table.parameters[parameter]).view());
}

// whether an optimiser that has slots has left them all as they were made
template <class Trainer> bool slots_are_untouched(Trainer& trainer, const tensor_file& file, int parameter) {
    constexpr int slots = std::remove_cvref_t<decltype(trainer.optimiser())>::slots;
    const auto& table = Trainer::network_type::table;
    for (int k = 0; k < slots; ++k) {
        const std::string path(table.path_of(table.parameters[parameter]).view());
        for (const std::byte b : file.at("trainer/slot_" + std::to_string(k) + "/" + path).bytes)
            if (b != std::byte{0}) return false;
    }
    return slots > 0;
}

inline std::map<std::string, double> extra_numbers(const tensor_file& file) {
    std::map<std::string, double> extra;
    for (const tensor_entry& entry : file.entries()) {
        if (!entry.name.starts_with(extra_prefix)) continue;
        if (entry.type != dtype::f64 || !entry.shape.empty())
            throw error(tensor_place(file.name(), entry.name), "F64 ()",
                        std::string(name_of(entry.type)) + " " + shape_text(entry.shape));
        extra[entry.name.substr(extra_prefix.size())] = load_little<double>(entry.bytes.data());
    }
    return extra;
}

}  // namespace detail

template <class Trainer>
void save_checkpoint(Trainer& trainer, const std::filesystem::path& path,
                     const std::map<std::string, double>& extra = {}) {
    detail::encoded_tensors tensors;
    tensors.add(detail::checkpoint_tensors(trainer), detail::exact_dtype<typename Trainer::real_type>);
    tensors.add(std::string(detail::steps_name), {}, dtype::i64,
                detail::little_bytes(static_cast<std::int64_t>(trainer.steps())));
    for (int i = 0; i < Trainer::network_type::table.parameter_count; ++i)
        tensors.add(detail::updates_name<Trainer>(i), {}, dtype::i64,
                    detail::little_bytes(static_cast<std::int64_t>(trainer.updates(i))));
    for (const auto& [name, number] : extra)
        tensors.add(std::string(detail::extra_prefix) + name, {}, dtype::f64, detail::little_bytes(number));
    write_safetensors(path, tensors.entries(), detail::own_metadata());
}

template <class Trainer>
std::map<std::string, double> load_checkpoint(Trainer& trainer, const std::filesystem::path& path) {
    const tensor_file file = read_safetensors(path);
    const auto tensors = detail::checkpoint_tensors(trainer);
    detail::tensor_match match(file);
    for (const auto& t : tensors)
        t.visit([&]<class Number>(std::span<Number>) { match.expect(t.name, t.shape, detail::exact_dtype<Number>); });
    match.expect(std::string(detail::steps_name), {}, dtype::i64);
    constexpr int parameters = Trainer::network_type::table.parameter_count;
    const bool counts_updates = std::ranges::any_of(
        file.entries(), [](const tensor_entry& e) { return e.name.starts_with(detail::updates_prefix); });
    for (int i = 0; counts_updates && i < parameters; ++i)
        match.expect(detail::updates_name<Trainer>(i), {}, dtype::i64);
    match.check([](std::string_view name) { return name.starts_with(detail::extra_prefix); });
    auto extra = detail::extra_numbers(file);
    const std::int64_t steps = detail::count_of(file, detail::steps_name, "steps");
    std::vector<std::int64_t> updates;
    for (int i = 0; i < parameters; ++i)
        updates.push_back(counts_updates ? detail::count_of(file, detail::updates_name<Trainer>(i), "updates")
                          : detail::slots_are_untouched(trainer, file, i) ? 0
                                                                          : steps);
    detail::copy_values(file, tensors);
    trainer.set_steps(static_cast<long>(steps));
    for (int i = 0; i < parameters; ++i)
        trainer.set_updates(i, static_cast<long>(updates[static_cast<std::size_t>(i)]));
    return extra;
}

}  // namespace tessera
