#pragma once
// What the tests of this room share: a folder that removes itself with a store in it, and values.

#include <gtest/gtest.h>

#include <filesystem>
#include <random>
#include <string>

#include "base/testing.hpp"
#include "store/sqlite_store.hpp"

namespace headwater::store {

using test_help::code_of;
using test_help::TemporaryFolder;
using test_help::value_of;

/// A store in a folder of its own; reopen() is a restart.
class StoreTest : public testing::Test {
protected:
    StoreTest() { open(); }

    void open() {
        auto opened = SqliteStore::open(file());
        ASSERT_TRUE(opened.has_value()) << opened.error().text();
        store_ = std::move(*opened);
    }
    void reopen() {
        store_.reset();
        open();
    }
    [[nodiscard]] std::filesystem::path file() const { return folder_.path() / "headwater.db"; }
    [[nodiscard]] SqliteStore& store() { return *store_; }

    TemporaryFolder folder_;
    std::unique_ptr<SqliteStore> store_;
};

/// A moment so many milliseconds after a fixed one.
inline Time at(std::int64_t milliseconds) {
    return Time(std::chrono::milliseconds(1'700'000'000'000 + milliseconds));
}

inline Guid guid_of(std::uint32_t number) {
    Guid guid;
    for (std::size_t i = 0; i < 4; ++i) {
        guid.bytes.at(i) = static_cast<std::uint8_t>(number >> (8 * i));
    }
    guid.bytes.back() = 1;
    return guid;
}

inline Sha1 sha1_of(std::uint32_t number) {
    return Sha1::of(as_bytes(std::to_string(number)));
}

inline NewFile file_of(std::uint32_t number) {
    return {sha1_of(number), std::nullopt,
            number,          "file" + std::to_string(number) + ".cab",
            ".cab",          "http://download.test/" + std::to_string(number)};
}

inline NewRevision revision_of(std::uint32_t number, std::uint32_t revision_number = 1) {
    NewRevision made;
    made.revision.identity = {guid_of(number), revision_number};
    made.revision.explicitly_deployable = true;
    made.revision.title = "Update " + std::to_string(number);
    made.revision.core = "<UpdateIdentity />";
    made.document = "<Update number=\"" + std::to_string(number) + "\" />";
    return made;
}

/// Letters that do not compress to much less than half.
inline std::string noise(std::size_t size, std::uint32_t seed) {
    std::minstd_rand random(seed);
    std::string text(size, ' ');
    for (char& c : text) {
        c = static_cast<char>('!' + random() % 90);
    }
    return text;
}

}  // namespace headwater::store
