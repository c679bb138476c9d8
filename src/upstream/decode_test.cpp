// What an upstream may send instead of what it was asked for.

#include "upstream/decode.hpp"

#include <gtest/gtest.h>

#include "catalog/cabinet.hpp"

namespace headwater::upstream {
namespace {

namespace wire = protocol::server_sync;

constexpr Guid kUpdate = "11111111-1111-1111-1111-111111111111"_guid;

const std::string kDocument =
    R"(<u:Update xmlns:u="http://schemas.microsoft.com/msus/2002/12/Update">)"
    R"(<u:UpdateIdentity UpdateID="11111111-1111-1111-1111-111111111111" RevisionNumber="7"/>)"
    R"(<u:Properties UpdateType="Software"/><u:Files>)"
    R"(<u:File Digest="vXidQqLgJwCO4+fE++5nIN1txMk=" DigestAlgorithm="SHA1" FileName="a.cab" Size="12"/>)"
    R"(</u:Files></u:Update>)";

wire::ServerSyncUpdateData update(std::int32_t revision = 7) {
    wire::ServerSyncUpdateData data;
    data.id = protocol::UpdateIdentity{kUpdate, revision};
    return data;
}

std::string code_of(const wire::ServerSyncUpdateData& data) {
    const auto decoded = decode_update(data, {});
    return decoded ? "decoded" : decoded.error().code;
}

TEST(Decode, TakesAPlainDocumentWithTheAddressesOfItsFiles) {
    wire::ServerUpdateData answer;
    answer.updates.push_back(update());
    answer.updates[0].xml_update_blob = kDocument;
    wire::ServerSyncUrlData url;
    url.file_digest = *from_base64("vXidQqLgJwCO4+fE++5nIN1txMk=");
    url.mu_url = std::string("http://download.example/a.cab");
    answer.file_urls.push_back(url);
    const auto decoded = decode_update(answer.updates[0], file_urls(answer));
    ASSERT_TRUE(decoded) << decoded.error().text();
    EXPECT_EQ(decoded->revision.identity.revision_number, 7U);
    EXPECT_EQ(decoded->document, kDocument);
    ASSERT_EQ(decoded->files.size(), 1U);
    EXPECT_EQ(decoded->files[0].mu_url, "http://download.example/a.cab");
    EXPECT_EQ(decoded->files[0].extension, ".cab");
}

TEST(Decode, TakesADocumentFromACabinet) {
    wire::ServerSyncUpdateData data = update();
    data.xml_update_blob_compressed = *catalog::write_document_cabinet(kDocument);
    EXPECT_EQ(code_of(data), "decoded");
}

TEST(Decode, RefusesTheDocumentOfAnotherRevision) {
    wire::ServerSyncUpdateData data = update(8);
    data.xml_update_blob = kDocument;
    EXPECT_EQ(code_of(data), "upstream.document");
}

TEST(Decode, RefusesNothingAndNonsenseAndNamesTheRevision) {
    EXPECT_EQ(code_of(update()), "upstream.document");
    wire::ServerSyncUpdateData data = update();
    data.xml_update_blob = std::string("<html>sign in</html>");
    EXPECT_EQ(code_of(data), "upstream.document");
    data.xml_update_blob.reset();
    data.xml_update_blob_compressed = Bytes{'M', 'S', 'C', 'F', 1, 2, 3};
    const auto decoded = decode_update(data, {});
    ASSERT_FALSE(decoded);
    EXPECT_NE(decoded.error().sentence.find(kUpdate.text() + " 7"), std::string::npos);
    EXPECT_EQ(code_of(wire::ServerSyncUpdateData{}), "upstream.document");
}

TEST(Decode, KeepsNoAddressThatIsNotHttp) {
    wire::ServerUpdateData answer;
    for (const char* address : {"file:///etc/passwd", "ftp://x/y", "", "javascript:1"}) {
        wire::ServerSyncUrlData url;
        url.file_digest = Bytes(20, 1);
        url.mu_url = std::string(address);
        answer.file_urls.push_back(url);
    }
    EXPECT_TRUE(file_urls(answer).empty());
}

}  // namespace
}  // namespace headwater::upstream
