#pragma once
// Which operation answers which method and path below /api/v1, and how its result becomes an HTTP
// answer. Filled before the server starts, read-only afterwards; answer() may be called from any
// thread.

#include <boost/json.hpp>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "admin/accounts.hpp"
#include "admin/input.hpp"
#include "base/error.hpp"
#include "net/http.hpp"

namespace headwater::admin {

/// One request as its operation sees it.
struct Call {
    const net::Request& request;
    /// What stood in the places of the pattern's "{}", decoded.
    std::vector<std::string> ids;
    Query query;
    const Caller& caller;
};

struct Reply {
    boost::json::value body;
    unsigned status = 200;
};

using Operation = std::function<Result<Reply>(const Call&)>;

class Dispatch {
public:
    /// For reporters too if it is a GET, else for administrators alone.
    /// @param pattern  below /api/v1, "updates/{}"; a name in a place wins over "{}"
    void add(std::string method, std::string_view pattern, Operation operation);
    /// @param least  who may call it at all; the operation may ask for more
    void add(std::string method, std::string_view pattern, store::Role least, Operation operation);

    /// Errors become problems: "request.unknown" (no such path), "request.method", "session.role"
    /// (not for a reporter), and what operations return. An exception becomes "api.internal", and
    /// is logged.
    [[nodiscard]] net::Response answer(const net::Request& request, const Caller& caller) const;

    /// "GET updates/{}" of each operation, in the order in which they were added.
    [[nodiscard]] std::vector<std::string> operations() const;

private:
    struct Entry {
        std::string method;
        std::vector<std::string> pattern;
        store::Role least;
        Operation operation;
    };
    struct Match {
        const Entry* entry = nullptr;
        std::string allowed;  ///< the methods that the path has
    };

    [[nodiscard]] Match match(std::string_view method, const std::vector<std::string>& path) const;
    [[nodiscard]] Result<Reply> run(const net::Request& request, const Caller& caller) const;

    std::vector<Entry> entries_;
};

/// Refuses a reporter: "session.role".
[[nodiscard]] Result<> require_administrator(const Caller& caller);

}  // namespace headwater::admin
