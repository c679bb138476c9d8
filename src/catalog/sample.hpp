#pragma once
// A generated catalog, shaped like the real one, the same for the same seed: for demonstrations,
// tests and benchmarks. Nothing of it is Microsoft's but the published classification identifiers.
// A Sample is used by one thread at a time.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/time.hpp"
#include "catalog/document.hpp"

namespace headwater::catalog {

struct SampleOptions {
    /// Revisions to make in all, categories and detectoids included: 100 to 200,000.
    std::uint32_t updates = 1000;
    std::uint64_t seed = 1;
    /// The time that counts as today in the catalog.
    Time today{std::chrono::sys_days{std::chrono::year{2026} / 10 / 5}};
    /// The size of a generated file, in bytes, at the least and at the most.
    std::uint32_t min_file_size = 512;
    std::uint32_t max_file_size = 4096;
};

/// One generated revision, in an order in which prerequisites and bundle members come before their
/// users.
struct SampleRevision {
    RevisionIdentity identity;
    std::string xml;
    /// Files of this document: indexes for sample_file.
    std::vector<std::uint32_t> files;
};

class Sample {
public:
    explicit Sample(SampleOptions options);

    /// Calls for each revision in order. Equal options give equal bytes on every machine.
    void for_each_revision(const std::function<void(SampleRevision&&)>& take) const;

    /// The bytes of a file, from its index alone; their digests stand in the documents.
    [[nodiscard]] Bytes file(std::uint32_t index) const;

private:
    SampleOptions options_;
};

}  // namespace headwater::catalog
