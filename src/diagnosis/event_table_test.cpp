#include "diagnosis/event_table.hpp"

#include <gmock/gmock.h>

#include <set>

#include "base/testing.hpp"

namespace headwater::diagnosis {
namespace {

using testing::AnyOf;
using testing::EndsWith;
using testing::IsEmpty;
using testing::Not;

TEST(EventTable, EachEventHasItsOwnNumberAndNameAndSaysWhatToDo) {
    std::set<std::string_view> names;
    for (const EventDefinition& definition : event_table()) {
        EXPECT_TRUE(names.insert(definition.name).second) << definition.name;
        EXPECT_EQ(find_event(definition.number), &definition);
        EXPECT_THAT(std::string(definition.meaning), EndsWith("."));
        if (definition.kind == EventKind::kCondition) {
            EXPECT_NE(definition.severity, store::EventSeverity::kInformation);
            EXPECT_THAT(std::string(definition.remedy), EndsWith(".")) << definition.name;
        }
        for (const std::string_view text : {definition.meaning, definition.remedy}) {
            EXPECT_EQ(text.find_first_of("|\n"), std::string_view::npos) << definition.name;
        }
    }
    EXPECT_EQ(find_event(0), nullptr);
    EXPECT_EQ(find_event(385), nullptr);
    EXPECT_EQ(find_event(99'999), nullptr);
}

TEST(EventTable, ThePageOfTheDocumentationIsTheOneThatThisPrints) {
    EXPECT_EQ(test_help::read_file("docs/events.md"), event_document())
        << "Write it again: headwater events --document > docs/events.md";
}

}  // namespace
}  // namespace headwater::diagnosis
