#include "cli/sample_data.hpp"

#include <optional>

#include "catalog/parsed_document.hpp"
#include "content/shelf.hpp"
#include "store/store.hpp"

namespace headwater::cli {
namespace {

constexpr std::size_t kBatch = 500;

class Writer {
public:
    Writer(const catalog::Sample& sample, store::Store& store, const content::Shelf* shelf)
        : sample_(sample), store_(store), shelf_(shelf) {}

    Result<SampleFigures> write() {
        sample_.for_each_revision([this](catalog::SampleRevision&& made) {
            if (result_) {
                result_ = add(std::move(made));
            }
        });
        if (result_) {
            result_ = flush();
        }
        if (!result_) {
            return std::unexpected(result_.error());
        }
        return figures_;
    }

private:
    Result<> add(catalog::SampleRevision&& made) {
        auto digested = catalog::digest_document(made.xml);
        if (!digested) {
            return std::unexpected(digested.error());
        }
        store::NewRevision revision;
        for (std::size_t i = 0; i < digested->document.files.size(); ++i) {
            const catalog::DocumentFile& file = digested->document.files[i];
            const std::string extension = catalog::content_extension(file.name);
            revision.files.push_back({file.sha1, file.sha256, file.size, file.name, extension, ""});
            if (shelf_ != nullptr && i < made.files.size()) {
                if (auto put = put_file(made.files[i], file, extension); !put) {
                    return put;
                }
            }
        }
        revision.revision = catalog::make_revision(digested->document, std::move(digested->core));
        revision.document = std::move(made.xml);
        batch_.push_back(std::move(revision));
        return batch_.size() == kBatch ? flush() : Result<>{};
    }

    Result<> put_file(std::uint32_t index, const catalog::DocumentFile& file,
                      const std::string& extension) {
        if (shelf_->holds(file.sha1, extension, file.size)) {
            return {};
        }
        const Bytes bytes = sample_.file(index);
        ++figures_.files;
        figures_.file_bytes += bytes.size();
        present_.push_back(file.sha1);
        return shelf_->put(file.sha1, extension, bytes);
    }

    Result<> flush() {
        const Time now = clock_.now();
        if (!batch_.empty()) {
            if (const auto stored = store_.put_revisions(batch_, now); !stored) {
                return std::unexpected(stored.error());
            }
        }
        figures_.revisions += batch_.size();
        batch_.clear();
        auto marked = present_.empty()
                          ? Result<>{}
                          : store_.set_file_state(present_, store::FileState::kPresent, "", now);
        present_.clear();
        return marked;
    }

    const catalog::Sample& sample_;
    store::Store& store_;
    const content::Shelf* shelf_;
    SystemClock clock_;
    SampleFigures figures_;
    Result<> result_;
    std::vector<store::NewRevision> batch_;
    std::vector<Sha1> present_;
};

}  // namespace

Result<SampleFigures> write_sample(const catalog::SampleOptions& options,
                                   const std::filesystem::path& data, bool with_files) {
    const content::Shelf shelf(data / "content");
    if (auto prepared = shelf.prepare(); !prepared) {
        return std::unexpected(prepared.error());
    }
    auto store = store::open_sqlite(data / "headwater.db");
    if (!store) {
        return std::unexpected(store.error());
    }
    const catalog::Sample sample(options);
    return Writer(sample, **store, with_files ? &shelf : nullptr).write();
}

}  // namespace headwater::cli
