#include "net/certificates.hpp"

#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <array>
#include <ctime>
#include <memory>
#include <string_view>

namespace headwater::net {
namespace {

struct BioFree {
    void operator()(BIO* bio) const { ::BIO_free_all(bio); }
};
struct X509Free {
    void operator()(X509* certificate) const { ::X509_free(certificate); }
};
struct NamesFree {
    void operator()(GENERAL_NAMES* names) const { ::GENERAL_NAMES_free(names); }
};
using Bio = std::unique_ptr<BIO, BioFree>;

constexpr std::string_view kPem = "Cert:";

std::string text_of(const X509_NAME* name) {
    const Bio bio(::BIO_new(::BIO_s_mem()));
    constexpr unsigned long kReadable = XN_FLAG_ONELINE & ~ASN1_STRFLGS_ESC_MSB;
    if (!bio || ::X509_NAME_print_ex(bio.get(), name, 0, kReadable) < 0)
        return {};
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &data);
    return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string{};
}

Time time_of(const ASN1_TIME* time) {
    std::tm parts{};
    if (::ASN1_TIME_to_tm(time, &parts) != 1)
        return {};
    return std::chrono::sys_seconds(std::chrono::seconds(::timegm(&parts)));
}

std::string text_of(const ASN1_STRING* text) {
    const unsigned char* data = ::ASN1_STRING_get0_data(text);
    return {data, data + ::ASN1_STRING_length(text)};
}

std::string address_text(const ASN1_STRING* address) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    const int family = ::ASN1_STRING_length(address) == 4    ? AF_INET
                       : ::ASN1_STRING_length(address) == 16 ? AF_INET6
                                                             : AF_UNSPEC;
    const char* shown = family == AF_UNSPEC ? nullptr
                                            : ::inet_ntop(family, ::ASN1_STRING_get0_data(address),
                                                          text.data(), text.size());
    return shown == nullptr ? std::string{} : std::string(shown);
}

std::vector<std::string> names_of(const X509* certificate) {
    const std::unique_ptr<GENERAL_NAMES, NamesFree> names(static_cast<GENERAL_NAMES*>(
        ::X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
    std::vector<std::string> texts;
    for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
        const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
        std::string text = name->type == GEN_DNS     ? text_of(name->d.dNSName)
                           : name->type == GEN_IPADD ? address_text(name->d.iPAddress)
                                                     : std::string{};
        if (!text.empty())
            texts.push_back(std::move(text));
    }
    return texts;
}

}  // namespace

std::optional<Certificate> read_certificate(const std::string& pem) {
    const Bio bio(::BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    const std::unique_ptr<X509, X509Free> certificate(
        bio ? ::PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr) : nullptr);
    if (!certificate)
        return std::nullopt;
    return Certificate{text_of(::X509_get_subject_name(certificate.get())),
                       text_of(::X509_get_issuer_name(certificate.get())),
                       names_of(certificate.get()),
                       time_of(::X509_get0_notBefore(certificate.get())),
                       time_of(::X509_get0_notAfter(certificate.get()))};
}

std::vector<Certificate> certificates_of(CURL* easy) {
    curl_certinfo* info = nullptr;
    std::vector<Certificate> chain;
    if (::curl_easy_getinfo(easy, CURLINFO_CERTINFO, &info) != CURLE_OK || info == nullptr)
        return chain;
    for (int i = 0; i < info->num_of_certs; ++i) {
        for (const curl_slist* line = info->certinfo[i]; line != nullptr; line = line->next) {
            const std::string_view text(line->data);
            if (!text.starts_with(kPem))
                continue;
            if (auto certificate = read_certificate(std::string(text.substr(kPem.size()))))
                chain.push_back(std::move(*certificate));
        }
    }
    return chain;
}

}  // namespace headwater::net
