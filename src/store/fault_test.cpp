#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <future>
#include <latch>
#include <thread>

#include "store/store_testing.hpp"

#if defined(__SANITIZE_THREAD__)
#define HEADWATER_UNDER_TSAN 1
#else
#define HEADWATER_UNDER_TSAN 0
#endif

namespace headwater::store {
namespace {

std::string integrity(SqliteStore& store) {
    std::string answer;
    const auto done = store.writer().write([&](Connection& connection) {
        return connection.query("PRAGMA integrity_check", [&](Row& row) { answer += row.text(0); });
    });
    EXPECT_TRUE(done.has_value());
    return answer;
}

std::vector<NewRevision> large_revisions(std::uint32_t first, std::uint32_t count) {
    std::vector<NewRevision> many;
    for (std::uint32_t i = first; i < first + count; ++i) {
        many.push_back(revision_of(i));
        many.back().document = noise(20'000, i);
    }
    return many;
}

TEST_F(StoreTest, ManyWritersAndReadersLoseNothing) {
    constexpr std::uint32_t kThreads = 4;
    constexpr std::uint32_t kRounds = 50;
    std::atomic<bool> done = false;
    std::vector<std::thread> writers;
    std::vector<std::thread> readers;
    for (std::uint32_t thread = 0; thread < kThreads; ++thread) {
        writers.emplace_back([&, thread] {
            for (std::uint32_t round = 0; round < kRounds; ++round) {
                const std::array two = {revision_of(thread * 1000 + round),
                                        revision_of(900'000 + round)};
                EXPECT_EQ(value_of(store().put_revisions(two, at(round))).size(), 2U);
                store().note_scan("nobody", at(round));
            }
        });
        readers.emplace_back([&] {
            std::size_t before = 0;
            while (!done) {
                const std::size_t now = value_of(store().revision_ids()).size();
                EXPECT_GE(now, before);
                before = now;
            }
        });
    }
    for (std::thread& writer : writers) {
        writer.join();
    }
    done = true;
    for (std::thread& reader : readers) {
        reader.join();
    }
    EXPECT_EQ(value_of(store().revision_ids()).size(), kThreads * kRounds + kRounds);
    std::vector<Time> imports;
    ChangeNumber last = 0;
    EXPECT_TRUE(store()
                    .for_each_revision(0,
                                       [&](catalog::Revision&& revision) {
                                           if (revision.change != last) {
                                               EXPECT_GT(revision.change, last);
                                               last = revision.change;
                                               imports.push_back(revision.imported);
                                           }
                                           EXPECT_EQ(revision.imported, imports.back());
                                       })
                    .has_value());
    EXPECT_EQ(std::ranges::adjacent_find(imports, std::greater_equal<>()), imports.end());
    EXPECT_EQ(value_of(store().last_change()), last);
}

/// Holds the writer until it is let go, so that what is written meanwhile becomes one group.
class HeldWriter {
public:
    explicit HeldWriter(Writer& writer) {
        writer.post([this](Connection&) -> Result<> {
            held_.count_down();
            go_.wait();
            return {};
        });
        held_.wait();
    }
    void let_go() { go_.count_down(); }

private:
    std::latch held_{1};
    std::latch go_{1};
};

TEST_F(StoreTest, AChangeThatFailsInAGroupFailsAlone) {
    HeldWriter held(store().writer());
    std::vector<std::future<Result<>>> outcomes;
    for (std::uint32_t i = 0; i < 6; ++i) {
        outcomes.push_back(std::async(std::launch::async, [this, i] {
            // Every second one has a parent that is not there.
            const std::optional<Guid> parent =
                i % 2 == 0 ? std::nullopt : std::optional(guid_of(999));
            return store().put_group({guid_of(i), "Group " + std::to_string(i), parent, false});
        }));
    }
    held.let_go();
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        EXPECT_EQ(code_of(outcomes[i].get()), i % 2 == 0 ? "" : "store.conflict");
    }
    EXPECT_EQ(value_of(store().groups()).size(), 2U + 3U);
    EXPECT_EQ(value_of(store().last_change()), 3U);
}

TEST_F(StoreTest, AChangeThatThrowsFailsAloneAndItsCallerGetsTheException) {
    const auto throwing = [this] {
        return store().writer().write([](Connection& connection) -> Result<> {
            EXPECT_TRUE(connection.execute("INSERT INTO setting VALUES ('a', 'b')").has_value());
            throw std::runtime_error("broken");
        });
    };
    EXPECT_THROW(static_cast<void>(throwing()), std::runtime_error);
    EXPECT_EQ(value_of(store().setting("a")), std::nullopt);
    EXPECT_TRUE(store().put_setting("a", "c").has_value());
}

TEST_F(StoreTest, AFullDiskIsSaidAndLaterWritesWorkAgain) {
    const auto before = large_revisions(1, 10);
    const auto ids = value_of(store().put_revisions(before, at(0)));
    ASSERT_TRUE(store().limit_pages(1).has_value());
    const auto more = large_revisions(100, 20);
    for (int attempt = 0; attempt < 3; ++attempt) {
        const auto refused = store().put_revisions(more, at(1));
        ASSERT_EQ(code_of(refused), "store.full");
        EXPECT_NE(refused.error().sentence.find(file().string()), std::string::npos);
        EXPECT_FALSE(refused.error().remedy.empty());
    }
    EXPECT_EQ(value_of(store().revision_ids()).size(), 10U);
    EXPECT_EQ(value_of(store().last_change()), 1U);
    EXPECT_EQ(value_of(store().document(ids[3])), before[3].document);
    ASSERT_TRUE(store().limit_pages(0).has_value());
    EXPECT_EQ(value_of(store().put_revisions(more, at(2))).size(), 20U);
    EXPECT_EQ(value_of(store().last_change()), 2U);
    EXPECT_EQ(integrity(store()), "ok");
}

TEST_F(StoreTest, InAGroupOnAFullDiskWhatIsReportedAsStoredIsStored) {
    ASSERT_TRUE(store().limit_pages(1).has_value());
    std::vector<std::future<std::string>> outcomes;
    {
        HeldWriter held(store().writer());
        for (std::uint32_t i = 0; i < 8; ++i) {
            outcomes.push_back(std::async(std::launch::async, [this, i] {
                if (i % 2 == 0) {
                    return code_of(store().put_revisions(large_revisions(100 * i, 20), at(1)));
                }
                return code_of(store().put_setting(std::to_string(i), "small"));
            }));
        }
        held.let_go();
        for (std::uint32_t i = 0; i < 8; ++i) {
            const std::string code = outcomes[i].get();
            EXPECT_TRUE(code.empty() || code == "store.full") << code;
            EXPECT_TRUE(i % 2 == 1 || code == "store.full");
            EXPECT_EQ(value_of(store().setting(std::to_string(i))).has_value(), code.empty());
        }
    }
    EXPECT_TRUE(value_of(store().revision_ids()).empty());
    EXPECT_EQ(integrity(store()), "ok");
}

/// Lets no file of this process grow beyond a size, as a failing disk would.
class SizeLimit {
public:
    explicit SizeLimit(std::uintmax_t bytes) {
        ::getrlimit(RLIMIT_FSIZE, &before_);
        handler_ = std::signal(SIGXFSZ, SIG_IGN);
        rlimit limit = before_;
        limit.rlim_cur = bytes;
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~SizeLimit() {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        static_cast<void>(std::signal(SIGXFSZ, handler_));
    }
    SizeLimit(const SizeLimit&) = delete;
    SizeLimit& operator=(const SizeLimit&) = delete;

private:
    rlimit before_{};
    void (*handler_)(int) = nullptr;
};

TEST_F(StoreTest, AFailedCommitFailsItsWholeGroupAndLaterWritesWorkAgain) {
    EXPECT_TRUE(store().put_setting("before", "value").has_value());
    const auto log_size = std::filesystem::file_size(file().string() + "-wal");
    std::vector<std::future<std::string>> outcomes;
    {
        HeldWriter held(store().writer());
        for (std::uint32_t i = 0; i < 4; ++i) {
            outcomes.push_back(std::async(std::launch::async, [this, i] {
                return code_of(store().put_revisions(large_revisions(100 * i, 5), at(1)));
            }));
        }
        const SizeLimit limit(log_size + 50'000);
        held.let_go();
        for (auto& outcome : outcomes) {
            EXPECT_EQ(outcome.get(), "store.io");
        }
    }
    EXPECT_TRUE(value_of(store().revision_ids()).empty());
    EXPECT_EQ(value_of(store().last_change()), 0U);
    EXPECT_EQ(value_of(store().put_revisions(large_revisions(1, 5), at(2))).size(), 5U);
    reopen();
    EXPECT_EQ(value_of(store().revision_ids()).size(), 5U);
    EXPECT_EQ(value_of(store().setting("before")), "value");
    EXPECT_EQ(integrity(store()), "ok");
}

/// Stores revisions until it is killed, and tells each id that the store reported as committed.
[[noreturn]] void write_until_killed(const std::filesystem::path& file, int pipe) {
    auto opened = SqliteStore::open(file);
    for (std::uint32_t number = 1; opened; number += 3) {
        const std::array three = {revision_of(number), revision_of(number + 1),
                                  revision_of(number + 2)};
        const auto ids = (*opened)->put_revisions(three, at(number));
        if (!ids || ::write(pipe, ids->data(), ids->size() * sizeof(RevisionId)) < 0) {
            break;
        }
    }
    ::_exit(1);
}

TEST_F(StoreTest, WhatWasReportedAsCommittedSurvivesAKill) {
    if (HEADWATER_UNDER_TSAN != 0) {
        GTEST_SKIP() << "The thread sanitizer does not follow a child that starts threads.";
    }
    store_.reset();
    for (std::size_t round = 1; round <= 3; ++round) {
        std::filesystem::remove(file());
        std::array<int, 2> pipe{};
        ASSERT_EQ(::pipe2(pipe.data(), O_CLOEXEC), 0);
        const pid_t child = ::fork();
        ASSERT_GE(child, 0);
        if (child == 0) {
            write_until_killed(file(), pipe[1]);
        }
        ::close(pipe[1]);
        std::vector<RevisionId> reported;
        RevisionId id = 0;
        while (::read(pipe[0], &id, sizeof id) == sizeof id) {
            reported.push_back(id);
            if (reported.size() == 60 * round) {
                ::kill(child, SIGKILL);
            }
        }
        ::close(pipe[0]);
        int status = 0;
        ASSERT_EQ(::waitpid(child, &status, 0), child);
        EXPECT_TRUE(WIFSIGNALED(status));
        open();
        const auto stored = value_of(store().revision_ids());
        for (const RevisionId one : reported) {
            EXPECT_NE(
                std::ranges::find(stored, one, &std::pair<RevisionId, RevisionIdentity>::first),
                stored.end());
            EXPECT_TRUE(value_of(store().document(one)).has_value());
        }
        EXPECT_EQ(stored.size() % 3, 0U) << "a commit is whole or not there";
        EXPECT_EQ(integrity(store()), "ok");
        store_.reset();
    }
}

}  // namespace
}  // namespace headwater::store
