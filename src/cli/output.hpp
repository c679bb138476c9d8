#pragma once
// What commands print: tables for people, columns for programs, and texts in which nothing from
// outside can steer a terminal. Pure but for the stream; one thread.

#include <boost/json.hpp>
#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace headwater::cli {

/// Where a command prints.
struct Output {
    std::ostream& out;
    std::ostream& err;
    bool is_terminal = false;
    std::size_t width = 80;  ///< columns of the terminal
};

/// What becomes of a column where the terminal is too narrow: ids are copied, and stay whole.
enum class Fit : std::uint8_t { kWhole, kCut };

struct Column {
    std::string head;
    Fit fit = Fit::kWhole;
};

/// Rows under a head. On a terminal the columns are aligned, and those that may be cut are cut to
/// its width; else a row is a line of values between tabs, without a head.
class Table {
public:
    explicit Table(std::vector<Column> columns);
    void add(std::vector<std::string> row);
    void print(Output& output) const;

private:
    [[nodiscard]] std::vector<std::size_t> widths(std::size_t available) const;

    std::vector<Column> columns_;
    std::vector<std::vector<std::string>> rows_;
};

/// The text with control characters replaced by blanks.
[[nodiscard]] std::string printable(std::string_view text);
/// Code points: what a text takes of a line.
[[nodiscard]] std::size_t width_of(std::string_view text);
/// At most so many code points; a text that was cut ends in "…".
[[nodiscard]] std::string cut(std::string_view text, std::size_t width);

/// "1,234,567"
[[nodiscard]] std::string grouped(std::uint64_t number);
/// "1 update", "1,234 updates".
[[nodiscard]] std::string counted(std::uint64_t number, std::string_view noun);
/// "1.5 GB"; powers of 1000.
[[nodiscard]] std::string bytes_text(std::uint64_t bytes);
/// "the upstream is still downloading" of "late"; why a file could not be had.
[[nodiscard]] std::string reason_text(std::string_view reason);
/// "0.3" of 0.329; an empty text of what is no number.
[[nodiscard]] std::string seconds_text(const boost::json::value& seconds);
/// "2026-10-04 16:33" of "2026-10-04T16:33:26.668Z"; "-" of nothing.
[[nodiscard]] std::string time_text(const boost::json::value& time);

/// The sentence, then a line for each cause, then the remedy.
void print_error(std::ostream& err, const Error& error);

/// What an answer holds under a name, as text: numbers and booleans too; empty for nothing.
[[nodiscard]] std::string field(const boost::json::value& object, std::string_view name);
[[nodiscard]] std::uint64_t number(const boost::json::value& object, std::string_view name);
[[nodiscard]] bool flag(const boost::json::value& object, std::string_view name);
/// An empty list where there is none.
[[nodiscard]] const boost::json::array& list(const boost::json::value& object,
                                             std::string_view name);
/// Null where there is none.
[[nodiscard]] const boost::json::value& at(const boost::json::value& object, std::string_view name);

}  // namespace headwater::cli
