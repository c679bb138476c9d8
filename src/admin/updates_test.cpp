#include "admin/updates.hpp"

#include <gmock/gmock.h>

#include "admin/sample_view_test.hpp"

namespace headwater::admin {
namespace {

using testing::ElementsAre;

class Updates : public testing::Test {
protected:
    [[nodiscard]] std::vector<Guid> found(std::string_view query) const {
        const auto filter = read_update_filter(*view_, Query::parse(query).value());
        EXPECT_TRUE(filter) << filter.error().text();
        std::vector<Guid> ids;
        for (const auto index : filter_updates(*view_, filter.value())) {
            ids.push_back(view_->catalog().revision(index).identity.update_id);
        }
        return ids;
    }
    [[nodiscard]] std::string refusal(std::string_view query) const {
        const auto filter = read_update_filter(*view_, Query::parse(query).value());
        return filter ? "" : filter.error().code;
    }
    std::shared_ptr<const policy::View> view_ = sample::view();
};

TEST_F(Updates, WithoutAFilterAllButTheDeclinedAreListedLatestFirst) {
    EXPECT_THAT(found(""), ElementsAre(sample::kExpired, sample::kNewer, sample::kOlder));
    EXPECT_THAT(found("state=any"),
                ElementsAre(sample::kTool, sample::kExpired, sample::kNewer, sample::kOlder));
}

TEST_F(Updates, AStateListsWhatAdministratorsDecided) {
    EXPECT_THAT(found("state=approved"), ElementsAre(sample::kNewer));
    EXPECT_THAT(found("state=unapproved"), ElementsAre(sample::kExpired, sample::kOlder));
    EXPECT_THAT(found("state=declined"), ElementsAre(sample::kTool));
    EXPECT_EQ(refusal("state=maybe"), "request.query");
}

TEST_F(Updates, AQueryFindsPartsOfTitlesKbNumbersAndIds) {
    EXPECT_THAT(found("query=CUMULATIVE+update+for"), ElementsAre(sample::kExpired));
    EXPECT_THAT(found("query=KB5031455"), ElementsAre(sample::kOlder));
    EXPECT_THAT(found("query=5032190"), ElementsAre(sample::kExpired, sample::kNewer));
    EXPECT_THAT(found("query=" + sample::kOlder.text()), ElementsAre(sample::kOlder));
    EXPECT_THAT(found("query=nothing"), ElementsAre());
}

TEST_F(Updates, AProductOrWhatIsAboveItLimitsTheList) {
    EXPECT_THAT(found("product=Panes+Server"), ElementsAre(sample::kExpired));
    EXPECT_THAT(found("product=Contoso&classification=Tools&state=any"),
                ElementsAre(sample::kTool));
    EXPECT_EQ(refusal("product=Doors"), "category.unknown");
}

TEST_F(Updates, ARowTellsWhatItsUpdateIs) {
    const auto& catalog = view_->catalog();
    const auto newer = update_row(*view_, catalog.newest(sample::kNewer));
    EXPECT_EQ(newer.at("classification").as_string(), "Security Updates");
    EXPECT_EQ(newer.at("products").as_array().at(0).as_string(),
              "Panes 11, version 24H2 and later");
    EXPECT_EQ(newer.at("approvals").as_array().at(0).at("group").as_string(), "All Computers");
    EXPECT_FALSE(newer.at("superseded").as_bool());
    const auto older = update_row(*view_, catalog.newest(sample::kOlder));
    EXPECT_TRUE(older.at("superseded").as_bool());
    EXPECT_TRUE(older.at("approvals").as_array().empty());
    EXPECT_TRUE(update_row(*view_, catalog.newest(sample::kExpired)).at("expired").as_bool());
    EXPECT_TRUE(update_row(*view_, catalog.newest(sample::kTool)).at("declined").as_bool());
}

}  // namespace
}  // namespace headwater::admin
