// The description of the API against the API.

#include "admin/openapi.hpp"

#include <gmock/gmock.h>

#include <boost/json.hpp>
#include <regex>
#include <set>

#include "server/server_testing.hpp"

namespace headwater::server {
namespace {

namespace json = boost::json;

using OpenApi = WithServer;

TEST_F(OpenApi, DescribesEveryOperationAndNoOther) {
    start();
    const std::vector<std::string> there = server_->operations();
    std::set<std::string> operations(there.begin(), there.end());
    // What the listener has besides, and the description itself.
    for (const char* other :
         {"GET session", "POST session", "DELETE session", "PUT session/password", "POST setup",
          "GET stream", "GET openapi.json"}) {
        operations.insert(other);
    }
    std::set<std::string> described;
    const json::value document = json::parse(admin::openapi_document());
    for (const auto& [path, item] : document.at("paths").as_object()) {
        const std::string pattern =
            std::regex_replace(std::string(path).substr(1), std::regex("\\{[a-z_]+\\}"), "{}");
        for (const auto& [method, operation] : item.as_object()) {
            std::string upper(method);
            std::ranges::transform(upper, upper.begin(),
                                   [](char c) { return static_cast<char>(c - 'a' + 'A'); });
            described.insert(upper + " " + pattern);
        }
    }
    EXPECT_EQ(described, operations);
}

}  // namespace
}  // namespace headwater::server
