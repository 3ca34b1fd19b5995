// progress_bar: a callback of fit that shows how far a run is.
//
//     fit(trainer, loader, validation, schedule, {.epochs = 20}, progress_bar{});
//
// On a terminal a line moves within an epoch; elsewhere there is only the line that ends it.
//
//   epoch  3/20 [=========>          ] 120/469  loss 0.3127  accuracy 89.21%  rate 0.02  11 s left
//   epoch  3/20  loss 0.2984  accuracy 89.40%  validation 0.3310, 88.12%  rate 0.02  14.2 s  *
//   epoch  4/20  loss 0.2871  accuracy 89.52%  validation 0.3312, 88.10%  rate 0.02  14.1 s  2 steps left out
//
// Accuracies are shown where there are any. The star marks the best epoch so far; left out are steps whose loss or
// gradients were not finite. Epochs are counted from 1 here.
#pragma once
#include <unistd.h>

#include <cmath>
#include <cstddef>
#include <cstdio>
#include <string>
#include <tessera/train/epoch_report.hpp>

namespace tessera {

class progress_bar {
  public:
    progress_bar() : progress_bar(*stdout, ::isatty(STDOUT_FILENO) == 1) {}
    progress_bar(std::FILE& out, bool terminal)
        : out_(&out),
          write_([](void* to, const std::string& line) {
              std::fwrite(line.data(), 1, line.size(), static_cast<std::FILE*>(to));
              std::fflush(static_cast<std::FILE*>(to));
          }),
          terminal_(terminal) {}
    // a std::ostream
    template <class Stream>
        requires requires(Stream& out, const std::string& line) { (out << line).flush(); }
    progress_bar(Stream& out, bool terminal)
        : out_(&out),
          write_([](void* to, const std::string& line) { (*static_cast<Stream*>(to) << line).flush(); }),
          terminal_(terminal) {}

    void operator()(const batch_report& r) {
        const long percent = r.batches > 0 ? 100 * r.batch / r.batches : 0;
        if (!terminal_ || percent == shown_) return;  // at most a hundred times an epoch
        shown_ = percent;
        const double left = r.seconds * static_cast<double>(r.batches - r.batch) / static_cast<double>(r.batch);
        show("epoch " + counter(r.epoch + 1, r.epochs) + " " + bar(r.batch, r.batches) + " " +
             counter(r.batch, r.batches) + fields(r.loss, r.accuracy) + text("  rate %.3g", r.rate) + "  " +
             duration(left) + " left");
    }

    void operator()(const epoch_report& r) {
        shown_ = -1;
        std::string line = "epoch " + counter(r.epoch + 1, r.epochs) + fields(r.loss, r.accuracy);
        if (!std::isnan(r.validation_loss)) line += text("  validation %.4f", r.validation_loss);
        if (!std::isnan(r.validation_accuracy)) line += text(", %.2f%%", 100 * r.validation_accuracy);
        line += text("  rate %.3g", r.rate) + "  " + duration(r.seconds) + (r.best ? "  *" : "");
        if (r.left_out > 0)
            line += "  " + std::to_string(r.left_out) + (r.left_out == 1 ? " step" : " steps") + " left out";
        show(line);
        write_(out_, "\n");
        length_ = 0;
    }

  private:
    // over what the line held before
    void show(const std::string& line) {
        if (!terminal_) {
            write_(out_, line);
            return;
        }
        const std::string rest(length_ > line.size() ? length_ - line.size() : 0, ' ');
        write_(out_, '\r' + line + rest);
        length_ = line.size();
    }

    static std::string text(const char* format, double number) {
        char out[64];
        std::snprintf(out, sizeof out, format, number);
        return out;
    }
    // " 3/20"
    static std::string counter(long part, long whole) {
        const std::string count = std::to_string(whole), now = std::to_string(part);
        return std::string(count.size() > now.size() ? count.size() - now.size() : 0, ' ') + now + "/" + count;
    }
    static std::string fields(double loss, double accuracy) {
        std::string line = text("  loss %.4f", loss);
        if (!std::isnan(accuracy)) line += text("  accuracy %.2f%%", 100 * accuracy);
        return line;
    }
    static std::string bar(long part, long whole) {
        constexpr long width = 20;
        const long full = whole > 0 ? width * part / whole : 0;
        std::string line = "[" + std::string(static_cast<std::size_t>(full), '=');
        if (full < width) line += '>' + std::string(static_cast<std::size_t>(width - full - 1), ' ');
        return line + "]";
    }
    // 8.4 s, 12 min 5 s, 3 h 2 min
    static std::string duration(double seconds) {
        if (seconds < 60) return text("%.1f s", seconds);
        const long s = std::lround(seconds);
        if (s < 3600) return std::to_string(s / 60) + " min " + std::to_string(s % 60) + " s";
        return std::to_string(s / 3600) + " h " + std::to_string(s / 60 % 60) + " min";
    }

    void* out_;
    void (*write_)(void* out, const std::string& line);
    bool terminal_;
    long shown_ = -1;
    std::size_t length_ = 0;
};

}  // namespace tessera
