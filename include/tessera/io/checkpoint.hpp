// save_checkpoint, load_checkpoint: all that a training run needs to go on, in one crash-safe file.
//
//     save_checkpoint(train, "run.safetensors", {{"epoch", 12}});
//     const auto extra = load_checkpoint(train, "run.safetensors");       extra.at("epoch") == 12
//
//   <path>                   parameters and states: load(model, file, {.allow_surplus = true}) reads a checkpoint too
//   trainer/slot_<k>/<path>  of the optimiser
//   trainer/average/<path>   the moving average, where there is one
//   trainer/steps            I64
//   extra/<name>             F64, numbers of the caller's own
//
// Values have the trainer's own type, F32 or F64, and come back bit for bit. With a trainer of the same model,
// optimiser and options (the seed among them), a resumed run repeats an uninterrupted one exactly. What is not in
// the trainer, such as the best loss that a schedule has seen, is the caller's to keep as an extra number.
//
// Cost    a copy of the values each way.
// Errors  tessera::error as of load in model_file.hpp; a value of another type than the trainer's; a negative number of
//         steps. The trainer and its model are then as they were.
#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <tessera/io/model_file.hpp>
#include <type_traits>
#include <vector>

namespace tessera {

namespace detail {

inline constexpr std::string_view steps_name = "trainer/steps", extra_prefix = "extra/";

template <class Real> constexpr dtype exact_dtype = sizeof(Real) == 8 ? dtype::f64 : dtype::f32;

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
    for (const auto& [name, number] : extra)
        tensors.add(std::string(detail::extra_prefix) + name, {}, dtype::f64, detail::little_bytes(number));
    write_safetensors(path, tensors.entries(), detail::own_metadata());
}

template <class Trainer>
std::map<std::string, double> load_checkpoint(Trainer& trainer, const std::filesystem::path& path) {
    const tensor_file file = read_safetensors(path);
    const auto tensors = detail::checkpoint_tensors(trainer);
    tensor_match match(file);
    for (const auto& t : tensors) match.expect(t.name, t.shape, detail::exact_dtype<typename Trainer::real_type>);
    match.expect(std::string(detail::steps_name), {}, dtype::i64);
    match.check([](std::string_view name) { return name.starts_with(detail::extra_prefix); });
    auto extra = detail::extra_numbers(file);
    const auto steps = load_little<std::int64_t>(file.at(detail::steps_name).bytes.data());
    if (steps < 0)
        throw error(detail::tensor_place(file.name(), std::string(detail::steps_name)), "a number of steps",
                    std::to_string(steps));
    detail::copy_values(file, tensors);
    trainer.set_steps(static_cast<long>(steps));
    return extra;
}

}  // namespace tessera
