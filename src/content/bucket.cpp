#include "content/bucket.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <thread>

#include "base/xml.hpp"
#include "content/shelf.hpp"

namespace headwater::content {
namespace {

constexpr std::string_view kScheme = "s3://";
/// Of answers that are no object.
constexpr std::uint64_t kMaxAnswer = std::uint64_t{8} << 20U;

bool is_plain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_';
}

bool is_bucket_name(std::string_view name) {
    constexpr std::size_t kLeast = 3;
    constexpr std::size_t kMost = 63;
    return name.size() >= kLeast && name.size() <= kMost &&
           std::ranges::all_of(
               name, [](char c) { return is_plain(c) && c != '_' && (c < 'A' || c > 'Z'); }) &&
           name.front() != '.' && name.front() != '-' && name.find("..") == std::string_view::npos;
}

bool is_prefix(std::string_view prefix) {
    constexpr std::size_t kMost = 512;
    for (std::size_t from = 0; from < prefix.size();) {
        const std::size_t slash = std::min(prefix.find('/', from), prefix.size());
        const std::string_view part = prefix.substr(from, slash - from);
        if (part.empty() || part == "." || part == ".." || !std::ranges::all_of(part, is_plain)) {
            return false;
        }
        from = slash + 1;
    }
    return prefix.size() <= kMost;
}

std::uint64_t number_of(std::string_view text) {
    std::uint64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

/// A server that is busy says so by 500 to 504, and means that it is to be asked again.
template <typename Ask>
Result<net::ClientResponse> patiently(const Ask& ask) {
    constexpr std::array kPauses = {std::chrono::milliseconds{200}, std::chrono::milliseconds{600},
                                    std::chrono::milliseconds{1800}};
    auto answer = ask();
    for (const auto pause : kPauses) {
        if (!answer || answer->status < 500 || answer->status > 504 || answer->status == 501) {
            break;
        }
        std::this_thread::sleep_for(pause);
        answer = ask();
    }
    return answer;
}

/// As Last-Modified says it: whole seconds, whatever the list has.
Time listed_time(std::string_view text) {
    return std::chrono::floor<std::chrono::seconds>(from_xml_time(text).value_or(Time{}));
}

Error strange_answer(const BucketPlace& place, const std::string& what) {
    return {"bucket.answer", "The S3 server of " + place.text() + " " + what + ".",
            "See what answers at that address: it may be no S3 server."};
}

}  // namespace

std::string url_encoded(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (is_plain(c) || c == '~') {
            out += c;
        } else {
            out += '%' + to_hex_upper(as_bytes({&c, 1}));
        }
    }
    return out;
}

std::string BucketPlace::text() const {
    return std::string(kScheme) + bucket + (prefix.empty() ? "" : "/" + prefix);
}

bool is_bucket_place(std::string_view text) {
    return text.starts_with(kScheme);
}

Result<BucketPlace> parse_bucket_place(std::string_view text) {
    std::string_view rest = is_bucket_place(text) ? text.substr(kScheme.size()) : "";
    while (rest.ends_with('/')) {
        rest.remove_suffix(1);
    }
    const std::size_t slash = std::min(rest.find('/'), rest.size());
    BucketPlace place{std::string(rest.substr(0, slash)),
                      std::string(rest.substr(std::min(slash + 1, rest.size())))};
    if (!is_bucket_name(place.bucket) || !is_prefix(place.prefix)) {
        return fail("content.folder", "This names no place in a bucket.",
                    "Give s3://BUCKET or s3://BUCKET/PREFIX, the bucket of small letters, digits, "
                    "'-' and '.', the prefix of letters, digits and -._/ without empty parts.");
    }
    return place;
}

Bucket::Bucket(net::Client& client, BucketAccount account, BucketPlace place)
    : Bucket(client, std::move(account), std::move(place), Sizes{}) {}

Bucket::Bucket(net::Client& client, BucketAccount account, BucketPlace place, Sizes sizes)
    : client_(&client),
      account_(std::move(account)),
      place_(std::move(place)),
      sizes_(sizes),
      login_(std::make_shared<const net::AwsLogin>(account_.login)) {}

Bucket Bucket::cancelled_by(std::shared_ptr<const net::CancelToken> cancel) const {
    Bucket same = *this;
    same.cancel_ = std::move(cancel);
    return same;
}

std::string Bucket::key_of(const std::string& name) const {
    return place_.prefix.empty() ? name : place_.prefix + "/" + name;
}

/// The bucket in the path for a server of one's own, whose name need not have one for each bucket;
/// and where its dots would not fit Amazon's certificate.
std::string Bucket::base_url() const {
    if (!account_.endpoint.empty()) {
        return account_.endpoint + "/" + place_.bucket;
    }
    const std::string host = "s3." + account_.login.region + ".amazonaws.com";
    return place_.bucket.find('.') == std::string::npos ? "https://" + place_.bucket + "." + host
                                                        : "https://" + host + "/" + place_.bucket;
}

std::string Bucket::url_of(const std::string& name) const {
    return base_url() + "/" + key_of(name);
}

net::ClientRequest Bucket::request(std::string method, const std::string& name,
                                   const std::string& query, ByteView body) const {
    net::ClientRequest request;
    request.method = std::move(method);
    request.url = (name.empty() ? base_url() : url_of(name)) + (query.empty() ? "" : "?") + query;
    request.body = as_text(body);
    request.headers.add("Content-Type", "application/octet-stream");
    request.headers.add("x-amz-content-sha256", to_hex_lower(Sha256::of(body).bytes));
    request.max_body_bytes = kMaxAnswer;
    request.aws = login_;
    request.cancel = cancel_;
    return request;
}

Result<net::ClientResponse> Bucket::ask(const net::ClientRequest& request) const {
    auto answer = patiently([&] { return client_->fetch(request); });
    if (!answer) {
        return std::unexpected(describe_unreachable(place_, answer.error()));
    }
    if (answer->status / 100 != 2) {
        return std::unexpected(describe_refusal(place_, answer->status, answer->body));
    }
    return answer;
}

Result<Time> Bucket::get(const std::string& name, std::uint64_t size, const Sink& sink,
                         const std::shared_ptr<const net::CancelToken>& cancel) const {
    net::ClientRequest asked = request("GET", name, "");
    asked.max_body_bytes = std::max(size, kMaxAnswer);
    asked.cancel = cancel;
    std::string refusal;
    bool is_object = false;
    std::uint64_t taken = 0;
    const auto see_head = [&](unsigned status, const net::Headers&) {
        is_object = status == 200;
        refusal.clear();
        return true;
    };
    const auto take = [&](ByteView part) {
        if (!is_object) {
            refusal += as_text(part);
            return refusal.size() <= kMaxAnswer;
        }
        taken += part.size();
        return taken <= size && sink(part);
    };
    const auto answer = patiently([&] { return client_->stream(asked, see_head, take); });
    if (!answer) {
        return std::unexpected(describe_unreachable(place_, answer.error()));
    }
    if (answer->status != 200) {
        return std::unexpected(describe_refusal(place_, answer->status, refusal));
    }
    const auto modified = answer->headers.get("Last-Modified");
    return modified ? from_http_date(*modified).value_or(Time{}) : Time{};
}

Result<std::optional<Bucket::Object>> Bucket::look(const std::string& name) const {
    const auto answer = ask(request("HEAD", name, ""));
    if (!answer) {
        return answer.error().code == "bucket.not_found" ? Result<std::optional<Object>>()
                                                         : std::unexpected(answer.error());
    }
    const auto modified = answer->headers.get("Last-Modified");
    return Object{name, number_of(answer->headers.get("Content-Length").value_or("")),
                  modified ? from_http_date(*modified).value_or(Time{}) : Time{}};
}

Result<> Bucket::remove(const std::string& name) const {
    const auto answer = ask(request("DELETE", name, ""));
    if (!answer && answer.error().code != "bucket.not_found") {
        return std::unexpected(answer.error());
    }
    return {};
}

Result<std::vector<Bucket::Object>> Bucket::list() const {
    const std::string below = place_.prefix.empty() ? "" : place_.prefix + "/";
    std::vector<Object> objects;
    std::string token;
    do {
        const auto answer =
            ask(request("GET", "",
                        (token.empty() ? "" : "continuation-token=" + url_encoded(token) + "&") +
                            "list-type=2&prefix=" + url_encoded(below)));
        if (!answer) {
            return std::unexpected(answer.error());
        }
        const auto document = xml::Document::parse(answer->body);
        const pugi::xml_node result = document ? document->root() : pugi::xml_node();
        if (xml::local_name(result) != "ListBucketResult") {
            return std::unexpected(strange_answer(place_, "gave no list of the bucket"));
        }
        for (const pugi::xml_node& entry : result.children()) {
            const std::string key = xml::text_of(xml::child(entry, "Key"));
            if (xml::local_name(entry) == "Contents" && key.starts_with(below)) {
                objects.push_back({key.substr(below.size()),
                                   number_of(xml::text_of(xml::child(entry, "Size"))),
                                   listed_time(xml::text_of(xml::child(entry, "LastModified")))});
            }
        }
        const bool is_more = xml::text_of(xml::child(result, "IsTruncated")) == "true";
        std::string next = xml::text_of(xml::child(result, "NextContinuationToken"));
        if (is_more && (next.empty() || next == token)) {
            return std::unexpected(strange_answer(place_, "gave the list of the bucket in a loop"));
        }
        token = is_more ? std::move(next) : "";
    } while (!token.empty());
    return objects;
}

Result<> Bucket::probe() const {
    const std::string name = ".headwater-probe-" + to_hex_lower(random_bytes(8));
    const std::string_view text = "written by headwater doctor";
    if (auto written = ask(request("PUT", name, "", as_bytes(text))); !written) {
        return std::unexpected(written.error());
    }
    std::string read;
    auto got = get(
        name, text.size(),
        [&](ByteView part) {
            read += as_text(part);
            return true;
        },
        nullptr);
    const auto removed = remove(name);
    if (!got) {
        return std::unexpected(got.error());
    }
    if (read != text) {
        return std::unexpected(strange_answer(place_, "gave back another object than was put"));
    }
    if (!removed) {
        return removed;
    }
    const auto listed =
        ask(request("GET", "", "list-type=2&max-keys=1&prefix=" + url_encoded(key_of(name))));
    return listed ? Result<>{} : std::unexpected(listed.error());
}

}  // namespace headwater::content
