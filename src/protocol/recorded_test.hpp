#pragma once
// The messages that were recorded of real servers and agents, for the tests of this room.

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/testing.hpp"
#include "soap/envelope.hpp"
#include "soap/read.hpp"
#include "soap/write.hpp"

namespace headwater::protocol::recorded {

/// Skips a test where the recordings are not there.
class Recorded : public testing::Test {
protected:
    void SetUp() override {
        if (!std::filesystem::exists(test_help::fixtures())) {
            GTEST_SKIP() << "The recordings are not there: set HEADWATER_SHARED to their folder.";
        }
    }
};

inline std::string load(const std::string& name) {
    std::string text = test_help::read_file(test_help::fixtures() / name);
    EXPECT_FALSE(text.empty()) << name;
    return text;
}

/// With the seventh digit of fractions dropped, as our Time has six.
inline std::string in_microseconds(std::string text) {
    constexpr std::string_view kDigits = "0123456789";
    for (std::size_t point = text.find('.'); point != std::string::npos;
         point = text.find('.', point + 1)) {
        const std::size_t end = text.find_first_not_of(kDigits, point + 1);
        if (end == point + 8 && text[end] == 'Z') {
            text.erase(end - 1, 1);
        }
    }
    return text;
}

/// Reads a message, to its last element: nothing in it may be unknown to the tables.
template <typename Message>
Message read_whole(const std::string& text) {
    auto envelope = soap::parse_envelope(text);
    EXPECT_TRUE(envelope);
    if (!envelope) {
        return {};
    }
    EXPECT_EQ(envelope->name, soap::type_of<Message>().name);
    std::vector<std::string> unknown;
    auto message = soap::read<Message>(envelope->content, {.unknown = &unknown});
    EXPECT_TRUE(message) << (message ? "" : message.error().sentence);
    EXPECT_EQ(unknown, std::vector<std::string>{});
    return message.value_or(Message{});
}

template <typename Message>
std::string in_envelope(const Message& message, std::string_view name_space, soap::Style style) {
    std::string out;
    soap::begin_envelope(out, soap::Version::k11, style);
    soap::write(out, style, soap::type_of<Message>().name, name_space, message);
    soap::end_envelope(out, style);
    return out;
}

/// The recorded message, which written and read again is the same.
template <typename Message>
Message read_request(const std::string& name, std::string_view name_space) {
    const auto message = read_whole<Message>(load(name));
    EXPECT_EQ(read_whole<Message>(in_envelope(message, name_space, soap::Style::kAsmx)), message)
        << name;
    return message;
}

/// A request of an agent: what is inside its Body is also written byte for byte.
template <typename Message>
Message read_agent_request(const std::string& name, std::string_view name_space) {
    const auto message = read_request<Message>(name, name_space);
    const std::string text = in_microseconds(load(name));
    constexpr std::string_view kOpen = "<s:Body>";
    const std::size_t begin = text.find(kOpen) + kOpen.size();
    std::string out;
    soap::write(out, soap::Style::kIndigo, soap::type_of<Message>().name, name_space, message);
    EXPECT_EQ(out, text.substr(begin, text.find("</s:Body>") - begin));
    return message;
}

/// The recorded answer, which is also written byte for byte.
template <typename Message>
Message read_answer(const std::string& name, std::string_view name_space, soap::Style style) {
    const std::string text = in_microseconds(load(name));
    const auto message = read_whole<Message>(text);
    EXPECT_EQ(in_envelope(message, name_space, style), text) << name;
    return message;
}

}  // namespace headwater::protocol::recorded
