#include "catalog/sample.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <stdexcept>
#include <utility>

#include "catalog/sample_categories.hpp"
#include "catalog/sample_files.hpp"
#include "catalog/sample_plan.hpp"
#include "catalog/sample_random.hpp"
#include "catalog/sample_units.hpp"
#include "catalog/sample_writer.hpp"

namespace headwater::catalog {
namespace {

constexpr std::uint32_t kMinUpdates = 100;
constexpr std::uint32_t kMaxUpdates = 200'000;
constexpr std::uint32_t kLocalizedPercent = 60;
constexpr std::uint32_t kMaxFileSize = 1U << 30U;

using Take = std::function<void(SampleRevision&&)>;

/// Finishes drafts and hands them on as documents.
class Emitter {
public:
    Emitter(const SampleOptions& options, const Take& take)
        : seed_(options.seed),
          publisher_(make_publisher(options.seed)),
          files_(options.seed, options.min_file_size, options.max_file_size),
          take_(take) {}

    void emit(sample::Draft& draft) {
        draft.publisher = publisher_;
        draft.localized = is_localized(draft.identity.update_id);
        SampleRevision revision;
        revision.identity = draft.identity;
        for (const sample::DraftFile& file : draft.files) {
            revision.files.push_back(file.index);
        }
        for (const sample::DraftEula& eula : draft.eulas) {
            revision.files.push_back(eula.file.index);
        }
        for (const std::uint32_t file : revision.files) {
            next_file_ = std::max(next_file_, file + 1);
        }
        revision.xml = sample::write_document(draft, files_);
        take_(std::move(revision));
    }

    [[nodiscard]] std::uint32_t next_file() const { return next_file_; }

private:
    static Guid make_publisher(std::uint64_t seed) {
        return sample::make_guid(seed, sample::Domain::kPublisher, 0);
    }
    /// The same for all revisions of an update.
    [[nodiscard]] bool is_localized(const Guid& id) const {
        const std::uint64_t index = id.bytes[12] + 256U * id.bytes[13] + 65536U * id.bytes[14];
        return sample::Random(seed_, sample::Domain::kPublisher, index + 1)
            .percent(kLocalizedPercent);
    }

    std::uint64_t seed_;
    Guid publisher_;
    sample::FileMaker files_;
    const Take& take_;
    std::uint32_t next_file_ = 0;
};

}  // namespace

Sample::Sample(SampleOptions options) : options_(options) {
    if (options.updates < kMinUpdates || options.updates > kMaxUpdates) {
        throw std::invalid_argument("A sample catalog cannot have " +
                                    std::to_string(options.updates) +
                                    " revisions. Choose a number from 100 to 200000.");
    }
    if (options.min_file_size > options.max_file_size || options.max_file_size > kMaxFileSize) {
        throw std::invalid_argument("Sample files cannot have " +
                                    std::to_string(options.min_file_size) + " to " +
                                    std::to_string(options.max_file_size) +
                                    " bytes. Choose a range that ends at 1 GiB or before.");
    }
}

void Sample::for_each_revision(const Take& take) const {
    const sample::Categories categories(options_.seed, options_.updates);
    std::vector<sample::Draft> drafts = categories.drafts();
    const auto categories_made = static_cast<std::uint32_t>(drafts.size());
    sample::Plan plan(options_.seed, categories, options_.updates - categories_made,
                      options_.today);
    Emitter emitter(options_, take);
    Time created = plan.start();
    for (sample::Draft& draft : drafts) {
        created += std::chrono::milliseconds{1};
        draft.created = created;
        emitter.emit(draft);
    }
    sample::UnitBuilder builder(options_.seed, categories);
    while (std::optional<sample::Unit> unit = plan.next()) {
        if (!unit->repeated) {
            unit->first_file = emitter.next_file();
            plan.remember(*unit);
        }
        drafts = builder.build(*unit);
        for (sample::Draft& draft : drafts) {
            emitter.emit(draft);
        }
    }
}

Bytes Sample::file(std::uint32_t index) const {
    return sample::FileMaker(options_.seed, options_.min_file_size, options_.max_file_size)
        .bytes(index);
}

}  // namespace headwater::catalog
