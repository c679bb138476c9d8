#include "diagnosis/health_checks.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <cerrno>

#include "base/testing.hpp"
#include "diagnosis/event_table.hpp"

namespace headwater::diagnosis {
namespace {

using std::chrono::days;
using std::chrono::hours;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::uint64_t kGiB = std::uint64_t{1} << 30U;
constexpr Time kNow{std::chrono::sys_days{std::chrono::year{2026} / 11 / 24}};

std::vector<std::uint32_t> holding(const std::vector<Finding>& findings) {
    std::vector<std::uint32_t> numbers;
    for (const Finding& finding : findings) {
        EXPECT_FALSE(finding.text.empty());
        EXPECT_NE(find_event(finding.number), nullptr);
        if (finding.holds) {
            numbers.push_back(finding.number);
        }
    }
    return numbers;
}

store::HealthFacts facts_of(std::uint64_t computers, std::uint64_t silent,
                            std::uint64_t installations, std::uint64_t failed) {
    return {std::nullopt, computers, silent, installations, failed};
}

TEST(HealthChecks, ADiskIsLowWhereBothItsShareAndItsAmountAreSmall) {
    const auto disk = [](std::uint64_t free, std::uint64_t total, const HealthOptions& options) {
        return holding(check_disk(options, {free * kGiB, total * kGiB}, "/content"));
    };
    const HealthOptions usual;
    EXPECT_THAT(disk(50, 100, usual), IsEmpty());
    EXPECT_THAT(disk(9, 100, usual), ElementsAre(10042));
    EXPECT_THAT(disk(4, 100, usual), ElementsAre(10041));
    EXPECT_THAT(disk(0, 100, usual), ElementsAre(10041));
    EXPECT_THAT(disk(100, 10'000, usual), IsEmpty()) << "1 % of a large disk is plenty";
    EXPECT_THAT(disk(10, 10'000, usual), ElementsAre(10042));
    EXPECT_THAT(disk(4, 20, usual), IsEmpty()) << "a small disk that is mostly free";
    HealthOptions off;
    off.disk_error_percent = 0;
    off.disk_warning_gib = 0;
    EXPECT_THAT(disk(0, 100, off), IsEmpty());
    const auto found = check_disk(usual, {4 * kGiB, 100 * kGiB}, "/content");
    EXPECT_EQ(found.front().text, "4.0 GiB (4.0 %) are free on the disk of /content.");
    EXPECT_THAT(found.back().text, HasSubstr("has become the error 10041"));
}

TEST(HealthChecks, AFolderIsMissingClosedOrOpenToEveryone) {
    const auto check = [](const FolderState& state) {
        return holding(check_folder(state, "/content"));
    };
    EXPECT_THAT(check({}), IsEmpty());
    EXPECT_THAT(check({.error = ENOENT}), ElementsAre(12072));
    EXPECT_THAT(check({.is_writable = false}), ElementsAre(10011));
    EXPECT_THAT(check({.is_readable = false}), ElementsAre(10011));
    EXPECT_THAT(check({.is_exposed = true}), ElementsAre(10012));
    EXPECT_THAT(check({.is_readable = false, .is_writable = false, .is_exposed = true}),
                ElementsAre(10011, 10012));
    const auto found = check_folder({.is_writable = false, .access = "owner bin, mode 700"}, "/c");
    EXPECT_EQ(found[1].text, "The server may not write its content folder /c.");
    EXPECT_THAT(found[1].evidence,
                ElementsAre("owner bin, mode 700", HasSubstr("chown -R "), "chmod -R u+rwX '/c'"));
}

TEST(HealthChecks, LooksAtRealFolders) {
    const test_help::TemporaryFolder folder;
    const auto here = look_at_folder(folder.path());
    EXPECT_EQ(here.error, 0);
    EXPECT_TRUE(here.is_readable && here.is_writable);
    EXPECT_FALSE(here.is_exposed);
    EXPECT_THAT(here.access, HasSubstr("mode 700"));
    ASSERT_EQ(::chmod(folder.path().c_str(), 0777), 0);
    EXPECT_TRUE(look_at_folder(folder.path()).is_exposed);
    EXPECT_EQ(look_at_folder(folder.path() / "nowhere").error, ENOENT);
    test_help::write_file(folder.path() / "file", "");
    EXPECT_EQ(look_at_folder(folder.path() / "file").error, ENOTDIR);
    const auto space = disk_space(folder.path());
    ASSERT_TRUE(space.has_value());
    EXPECT_LE(space->free, space->total);
    EXPECT_FALSE(disk_space(folder.path() / "nowhere").has_value());
}

TEST(HealthChecks, ASynchronizationIsOverdueAfterItsDays) {
    store::HealthFacts facts;
    const auto overdue = [&](Time since, HealthOptions options = {}) {
        return check_synchronization(options, facts, since, kNow).front();
    };
    EXPECT_FALSE(overdue(kNow).holds);
    EXPECT_FALSE(overdue(kNow - days{7}).holds);
    EXPECT_TRUE(overdue(kNow - days{8}).holds) << "it was never synchronized";
    EXPECT_THAT(overdue(kNow - days{8}).evidence, ElementsAre(HasSubstr("none has succeeded")));
    facts.last_success = kNow - days{3};
    EXPECT_FALSE(overdue(kNow - days{300}).holds);
    facts.last_success = kNow - days{9};
    EXPECT_TRUE(overdue(kNow).holds);
    EXPECT_EQ(overdue(kNow).text, "No synchronization has succeeded for 9 days.");
    EXPECT_THAT(overdue(kNow).evidence, ElementsAre(HasSubstr("2026-11-15T00:00:00Z")));
    HealthOptions off;
    off.synchronization_days = 0;
    EXPECT_FALSE(overdue(kNow, off).holds);
}

TEST(HealthChecks, FailedFilesAreAWarningAndManyAnError) {
    EXPECT_THAT(holding(check_files({}, 0)), IsEmpty());
    EXPECT_THAT(holding(check_files({}, 1)), ElementsAre(10032));
    EXPECT_THAT(holding(check_files({}, 49)), ElementsAre(10032));
    EXPECT_THAT(holding(check_files({}, 50)), ElementsAre(10031));
    HealthOptions off;
    off.failed_files_warning = off.failed_files_error = 0;
    EXPECT_THAT(holding(check_files(off, 1000)), IsEmpty());
}

TEST(HealthChecks, InstallationsFailByTheirShareWhereThereAreEnough) {
    const auto check = [](std::uint64_t failed, std::uint64_t whole) {
        return holding(check_installations({}, facts_of(0, 0, whole, failed)));
    };
    EXPECT_THAT(check(0, 0), IsEmpty());
    EXPECT_THAT(check(19, 19), IsEmpty()) << "too few to say anything";
    EXPECT_THAT(check(2, 20), IsEmpty()) << "10 % is not above 10 %";
    EXPECT_THAT(check(3, 20), ElementsAre(13002));
    EXPECT_THAT(check(25, 100), ElementsAre(13002));
    EXPECT_THAT(check(26, 100), ElementsAre(13001));
}

TEST(HealthChecks, ComputersAreSilentByTheirShare) {
    const auto check = [](std::uint64_t silent, std::uint64_t whole) {
        return holding(check_silence({}, facts_of(whole, silent, 0, 0)));
    };
    EXPECT_THAT(check(0, 0), IsEmpty());
    EXPECT_THAT(check(10, 100), IsEmpty());
    EXPECT_THAT(check(11, 100), ElementsAre(13032));
    EXPECT_THAT(check(21, 100), ElementsAre(13031));
}

TEST(HealthChecks, AServerWithoutAnyComputerIsToldAfterADay) {
    const auto check = [](std::uint64_t clients, Time since) {
        return holding(check_contact({}, clients, since, kNow));
    };
    EXPECT_THAT(check(0, kNow - hours{24}), IsEmpty());
    EXPECT_THAT(check(0, kNow - hours{25}), ElementsAre(13051));
    EXPECT_THAT(check(1, kNow - hours{25}), IsEmpty());
}

TEST(HealthChecks, AServiceThatDoesNotAnswerIsToldWithWhy) {
    const auto silent =
        check_service(12002, "The reporting service",
                      fail("net.timeout", "Nobody answered within 15 s.", "", {"curl: timeout"}));
    EXPECT_TRUE(silent.holds);
    EXPECT_EQ(silent.text, "The reporting service does not answer.");
    EXPECT_THAT(silent.evidence, ElementsAre("Nobody answered within 15 s.", "curl: timeout"));
    EXPECT_FALSE(check_service(12002, "The reporting service", {}).holds);
}

}  // namespace
}  // namespace headwater::diagnosis
