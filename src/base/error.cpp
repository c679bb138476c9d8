#include "base/error.hpp"

#include <system_error>

namespace headwater {

std::string Error::text() const {
    std::string line = sentence;
    for (std::size_t i = 0; i < causes.size(); ++i) {
        line += i == 0 ? " (" : "; ";
        line += causes[i];
    }
    if (!causes.empty()) {
        line += ')';
    }
    if (!remedy.empty()) {
        line += ' ';
        line += remedy;
    }
    return line;
}

std::string describe_errno(int number) {
    return std::generic_category().message(number) + " (" + std::to_string(number) + ")";
}

}  // namespace headwater
