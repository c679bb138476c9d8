#pragma once
// A server for tests of commands: it remembers what it was asked, and answers what it was told to.

#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "cli/api.hpp"

namespace headwater::cli {

/// What was asked and what is answered, shared by the connections of one test.
struct Script {
    /// "GET updates?limit=1" -> answers, one after the other; the last one stays.
    std::map<std::string, std::vector<Result<boost::json::value>>> answers;
    std::vector<std::string> asked;  ///< "PUT rules {…}"
    std::string socket;

    void answer(const std::string& request, std::string_view json) {
        answers[request].emplace_back(boost::json::parse(json));
    }
    void refuse(const std::string& request, Error error) {
        answers[request].emplace_back(std::unexpected(std::move(error)));
    }
};

/// Runs commands as the program does, without a socket.
class Commands {
public:
    int run(std::vector<std::string> arguments, bool is_terminal = false);

    Script script;
    std::ostringstream out;
    std::ostringstream err;
};

}  // namespace headwater::cli
