#include "cli/requests.hpp"

#include <gmock/gmock.h>

#include "cli/api.hpp"

namespace headwater::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(SplitNames, CutsAtCommas) {
    EXPECT_THAT(split_names("a, b ,,c"), ElementsAre("a", "b", "c"));
    EXPECT_THAT(split_names(""), IsEmpty());
    EXPECT_THAT(split_names(" , "), IsEmpty());
}

TEST(SplitNames, KeepsKnownNamesWithCommasWhole) {
    const std::vector<std::string> known = {"Panes 10", "Panes 10, version 1903 and later"};
    EXPECT_THAT(split_names("Doors,panes 10, version 1903 and later,Panes 10", known),
                ElementsAre("Doors", "panes 10, version 1903 and later", "Panes 10"));
    EXPECT_THAT(split_names("Panes 10,version 7", known), ElementsAre("Panes 10", "version 7"));
}

TEST(ChoiceOf, KnowsAllAndNone) {
    EXPECT_EQ(boost::json::serialize(choice_of("ALL", {})), R"({"all":true,"ids":[]})");
    EXPECT_EQ(boost::json::serialize(choice_of("none", {})), R"({"all":false,"ids":[]})");
    EXPECT_EQ(boost::json::serialize(choice_of("a,b", {})), R"({"all":false,"ids":["a","b"]})");
}

TEST(PercentEncode, LeavesOnlyUnreservedCharacters) {
    EXPECT_EQ(percent_encode("aZ09-._~"), "aZ09-._~");
    EXPECT_EQ(percent_encode("a b/c?d&e%"), "a%20b%2Fc%3Fd%26e%25");
    EXPECT_EQ(percent_encode("é"), "%C3%A9");
}

TEST(QueryOf, LeavesOutWhatIsEmpty) {
    EXPECT_EQ(query_of({{"a", ""}, {"b", "x y"}, {"c", "1"}}), "?b=x%20y&c=1");
    EXPECT_EQ(query_of({{"a", ""}}), "");
}

TEST(ReadAnswer, ReturnsTheValueOfASuccess) {
    EXPECT_EQ(read_answer(202, R"({"run_id":7})").value().at("run_id").as_int64(), 7);
}

TEST(ReadAnswer, ReturnsTheErrorOfAProblem) {
    const auto answer = read_answer(
        409, R"({"type":"urn:headwater:error:sync.running","title":"It runs.","status":409,)"
             R"("detail":"Wait.","causes":["run 7",8]})");
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, "sync.running");
    EXPECT_EQ(answer.error().sentence, "It runs.");
    EXPECT_EQ(answer.error().remedy, "Wait.");
    EXPECT_THAT(answer.error().causes, ElementsAre("run 7"));
}

TEST(ReadAnswer, RefusesWhatIsNoAnswerOfThisApi) {
    for (const auto& [status, body] : {std::pair(200U, "<html>"), std::pair(502U, "<html>"),
                                       std::pair(500U, "[]"), std::pair(404U, "")}) {
        const auto answer = read_answer(status, body);
        ASSERT_FALSE(answer);
        EXPECT_EQ(answer.error().code, "cli.bad_answer");
        EXPECT_THAT(answer.error().sentence, HasSubstr(std::to_string(status)));
    }
}

std::string socket_with(const std::vector<std::pair<std::string, std::string>>& variables,
                        bool folder) {
    return default_socket(
        [&](const std::string& name) -> std::optional<std::string> {
            for (const auto& [known, value] : variables) {
                if (known == name) {
                    return value;
                }
            }
            return std::nullopt;
        },
        [folder](const std::filesystem::path&) { return folder; });
}

TEST(DefaultSocket, IsNamedByTheEnvironmentElseInTheDataFolder) {
    EXPECT_EQ(socket_with({{"HEADWATER_SOCKET", "/s"}, {"HEADWATER_DATA", "/d"}}, true), "/s");
    EXPECT_EQ(socket_with({{"HEADWATER_SOCKET", ""}, {"HEADWATER_DATA", "/d"}}, true),
              "/d/headwater.sock");
    EXPECT_EQ(socket_with({}, true), "/var/lib/headwater/headwater.sock");
    EXPECT_EQ(socket_with({}, false), "data/headwater.sock");
}

}  // namespace
}  // namespace headwater::cli
