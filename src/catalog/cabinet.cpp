#include "catalog/cabinet.hpp"

#include <libgcab.h>
#include <mspack.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <memory>
#include <new>
#include <utility>
#include <vector>

#include "base/utf.hpp"

namespace headwater::catalog {
namespace {

// What is looked at before a library sees the cabinet, [MS-CAB] 2.1: little-endian.
//   0 "MSCF"   16 coffFiles:u32   26 cFolders:u16   28 cFiles:u16   30 flags:u16
// and at coffFiles the first member:
//   0 cbFile:u32   4 uoffFolderStart:u32   8 iFolder:u16   10 date, time, attributes:u16
constexpr std::size_t kHeaderSize = 36;
constexpr std::size_t kFirstMemberAt = 16;
constexpr std::size_t kFoldersAt = 26;
constexpr std::size_t kFilesAt = 28;
constexpr std::size_t kFlagsAt = 30;
constexpr std::size_t kMemberFolderAt = 8;
constexpr std::size_t kMemberHeaderSize = 16;
/// From here on iFolder says that the member goes on in another cabinet or comes from one.
constexpr std::uint32_t kFirstFolderElsewhere = 0xFFFD;
constexpr std::array<std::uint8_t, 4> kSignature{'M', 'S', 'C', 'F'};
/// A document comes alone; more than a few entries only cost memory.
constexpr std::uint32_t kMostEntries = 16;
/// A folder has at most 65,535 data blocks of 32,768 bytes.
constexpr std::size_t kLargestMember = std::size_t{65'535} * 32'768;

constexpr std::string_view kAskAgain =
    "Synchronize again; if it stays so, the upstream server holds a damaged document.";

std::unexpected<Error> corrupt(ByteView cabinet, std::string_view what,
                               std::vector<std::string> causes = {}) {
    return fail("cabinet.corrupt",
                "The cabinet of " + std::to_string(cabinet.size()) +
                    " bytes cannot be read: " + std::string(what) + ".",
                std::string(kAskAgain), std::move(causes));
}

std::unexpected<Error> too_large(std::size_t limit) {
    return fail("cabinet.too_large", "The first member of the cabinet expands to more than the " +
                                         std::to_string(limit) + " bytes that are allowed.");
}

std::uint32_t read_u16(ByteView from, std::size_t at) {
    return from[at] | std::uint32_t{from[at + 1]} << 8U;
}

std::size_t read_u32(ByteView from, std::size_t at) {
    return read_u16(from, at) | std::size_t{read_u16(from, at + 2)} << 16U;
}

Result<> check_header(ByteView cabinet) {
    if (cabinet.size() < kHeaderSize ||
        !std::ranges::equal(cabinet.first(kSignature.size()), kSignature)) {
        return corrupt(cabinet, "it does not begin with the header of a cabinet");
    }
    if (read_u16(cabinet, kFoldersAt) > kMostEntries ||
        read_u16(cabinet, kFilesAt) > kMostEntries) {
        return corrupt(cabinet,
                       "it has more than " + std::to_string(kMostEntries) + " folders or members");
    }
    const std::size_t member = read_u32(cabinet, kFirstMemberAt);
    if (member > cabinet.size() || cabinet.size() - member < kMemberHeaderSize) {
        return corrupt(cabinet, "its data is cut off");
    }
    if ((read_u16(cabinet, kFlagsAt) & (MSCAB_HDR_PREVCAB | MSCAB_HDR_NEXTCAB)) != 0 ||
        read_u16(cabinet, member + kMemberFolderAt) >= kFirstFolderElsewhere) {
        return corrupt(cabinet, "it is one part of several");
    }
    return {};
}

/// Either the cabinet that is read or the member that is written.
struct MemoryFile : mspack_file {
    ByteView source;
    std::size_t at = 0;
    Bytes* target = nullptr;
    std::size_t limit = 0;
};

/// What libmspack takes for the file system: reading gives the cabinet, writing goes to `member`.
struct MemorySystem : mspack_system {
    MemorySystem(ByteView source, std::size_t most);

    ByteView cabinet;
    std::size_t limit;
    Bytes member;
};

MemoryFile& memory_file(mspack_file* file) {
    return *static_cast<MemoryFile*>(file);
}

// Called from C: nothing may be thrown through it.
mspack_file* open_memory(mspack_system* self, const char* /*name*/, int mode) noexcept {
    auto& system = *static_cast<MemorySystem*>(self);
    auto* file = new (std::nothrow) MemoryFile;
    if (file == nullptr) {
        return nullptr;
    }
    if (mode == MSPACK_SYS_OPEN_READ) {
        file->source = system.cabinet;
    } else {
        file->target = &system.member;
        file->limit = system.limit;
    }
    return file;
}

void close_memory(mspack_file* file) noexcept {
    delete &memory_file(file);
}

int read_memory(mspack_file* handle, void* buffer, int bytes) noexcept {
    MemoryFile& file = memory_file(handle);
    if (bytes < 0) {
        return -1;
    }
    const ByteView rest = file.source.subspan(file.at);
    const ByteView part = rest.first(std::min(rest.size(), static_cast<std::size_t>(bytes)));
    if (!part.empty()) {
        std::memcpy(buffer, part.data(), part.size());
    }
    file.at += part.size();
    return static_cast<int>(part.size());
}

int write_memory(mspack_file* handle, void* buffer, int bytes) noexcept {
    MemoryFile& file = memory_file(handle);
    if (bytes < 0 || file.target == nullptr ||
        static_cast<std::size_t>(bytes) > file.limit - file.target->size()) {
        return -1;
    }
    const auto* from = static_cast<const std::uint8_t*>(buffer);
    try {
        file.target->insert(file.target->end(), from, from + bytes);
    } catch (const std::exception&) {
        return -1;
    }
    return bytes;
}

int seek_memory(mspack_file* handle, off_t offset, int mode) noexcept {
    MemoryFile& file = memory_file(handle);
    const auto size = static_cast<off_t>(file.source.size());
    off_t base = 0;
    if (mode == MSPACK_SYS_SEEK_CUR) {
        base = static_cast<off_t>(file.at);
    } else if (mode == MSPACK_SYS_SEEK_END) {
        base = size;
    }
    if (offset < -base || offset > size - base) {
        return -1;
    }
    file.at = static_cast<std::size_t>(base + offset);
    return 0;
}

off_t tell_memory(mspack_file* file) noexcept {
    return static_cast<off_t>(memory_file(file).at);
}

/// What it would print says no more than the error that follows.
void ignore_message(mspack_file* /*file*/, const char* /*format*/, ...) noexcept {}

void* allocate(mspack_system* /*self*/, std::size_t bytes) noexcept {
    return std::malloc(bytes);
}

void copy_memory(void* source, void* target, std::size_t bytes) noexcept {
    std::memcpy(target, source, bytes);
}

MemorySystem::MemorySystem(ByteView source, std::size_t most)
    : mspack_system{open_memory, close_memory, read_memory,    write_memory,
                    seek_memory, tell_memory,  ignore_message, allocate,
                    std::free,   copy_memory,  nullptr},
      cabinet(source),
      limit(most) {}

struct DestroyDecompressor {
    void operator()(mscab_decompressor* decompressor) const {
        mspack_destroy_cab_decompressor(decompressor);
    }
};
using Decompressor = std::unique_ptr<mscab_decompressor, DestroyDecompressor>;

struct CloseCabinet {
    mscab_decompressor* decompressor;
    void operator()(mscabd_cabinet* cabinet) const { decompressor->close(decompressor, cabinet); }
};
using OpenCabinet = std::unique_ptr<mscabd_cabinet, CloseCabinet>;

std::string describe(int mspack_error) {
    switch (mspack_error) {
        case MSPACK_ERR_READ:
        case MSPACK_ERR_SEEK:
            return "its data is cut off";
        case MSPACK_ERR_NOMEMORY:
            return "there is not enough memory";
        case MSPACK_ERR_CHECKSUM:
            return "a checksum is wrong";
        case MSPACK_ERR_DECRUNCH:
            return "its compressed data is damaged";
        default:
            return "its structure is damaged";
    }
}

/// The first member as it is; checks what may be large before it is made.
Result<Bytes> extract_first(ByteView cabinet, std::size_t limit) {
    MemorySystem system(cabinet, limit);
    const Decompressor decompressor(mspack_create_cab_decompressor(&system));
    if (!decompressor) {
        return corrupt(cabinet, describe(MSPACK_ERR_NOMEMORY));
    }
    const auto broken = [&] {
        const int error = decompressor->last_error(decompressor.get());
        return corrupt(cabinet, describe(error), {"libmspack error " + std::to_string(error)});
    };
    const OpenCabinet open(decompressor->open(decompressor.get(), "cabinet"), {decompressor.get()});
    if (!open) {
        return broken();
    }
    mscabd_file* first = open->files;
    if (first == nullptr) {
        return corrupt(cabinet, "it has no member");
    }
    // What stands before the member in its folder is expanded too, though nobody sees it.
    if (std::size_t{first->offset} + first->length > limit) {
        return too_large(limit);
    }
    if (decompressor->extract(decompressor.get(), first, "member") != MSPACK_ERR_OK) {
        return broken();
    }
    if (system.member.size() != first->length) {
        return corrupt(cabinet, "its member is shorter than it says");
    }
    return std::move(system.member);
}

struct Unref {
    void operator()(void* object) const { g_object_unref(object); }
};
template <typename T>
using Object = std::unique_ptr<T, Unref>;

struct UnrefBytes {
    void operator()(GBytes* bytes) const { g_bytes_unref(bytes); }
};
struct UnrefDate {
    void operator()(GDateTime* date) const { g_date_time_unref(date); }
};
struct FreeError {
    void operator()(GError* error) const { g_error_free(error); }
};

std::unexpected<Error> not_written(GError* error) {
    const std::unique_ptr<GError, FreeError> owned(error);
    return fail("cabinet.not_written", "A document could not be put into a cabinet.", {},
                {owned ? owned->message : "gcab gave no reason"});
}

/// The member, dated so that the same document always gives the same bytes.
Object<GCabFile> make_member(const Bytes& content) {
    const std::unique_ptr<GBytes, UnrefBytes> bytes(g_bytes_new(content.data(), content.size()));
    Object<GCabFile> member(gcab_file_new_with_bytes("blob", bytes.get()));
    const std::unique_ptr<GDateTime, UnrefDate> date(g_date_time_new_local(1980, 1, 1, 0, 0, 0.0));
    gcab_file_set_date_time(member.get(), date.get());
    return member;
}

Result<Bytes> pack(const Bytes& content) {
    const Object<GCabFile> member = make_member(content);
    const Object<GCabFolder> folder(gcab_folder_new(GCAB_COMPRESSION_MSZIP));
    const Object<GCabCabinet> cabinet(gcab_cabinet_new());
    const Object<GOutputStream> stream(g_memory_output_stream_new_resizable());
    GError* error = nullptr;
    if (gcab_folder_add_file(folder.get(), member.get(), FALSE, nullptr, &error) == FALSE ||
        gcab_cabinet_add_folder(cabinet.get(), folder.get(), &error) == FALSE ||
        gcab_cabinet_write_simple(cabinet.get(), stream.get(), nullptr, nullptr, nullptr, &error) ==
            FALSE ||
        g_output_stream_close(stream.get(), nullptr, &error) == FALSE) {
        return not_written(error);
    }
    auto* memory = G_MEMORY_OUTPUT_STREAM(stream.get());
    const auto* data = static_cast<const std::uint8_t*>(g_memory_output_stream_get_data(memory));
    return Bytes(data, data + g_memory_output_stream_get_data_size(memory));
}

}  // namespace

Result<std::string> read_document_cabinet(ByteView cabinet, std::size_t limit) {
    if (const auto header = check_header(cabinet); !header) {
        return std::unexpected(header.error());
    }
    const auto member = extract_first(cabinet, limit);
    if (!member) {
        return std::unexpected(member.error());
    }
    if (auto text = from_utf16le(*member)) {
        return *std::move(text);
    }
    return fail("cabinet.not_text", "The first member of the cabinet is not UTF-16 text.",
                std::string(kAskAgain));
}

Result<Bytes> write_document_cabinet(std::string_view utf8_document) {
    if (!is_valid_utf8(utf8_document)) {
        return fail("cabinet.not_text",
                    "A document of " + std::to_string(utf8_document.size()) +
                        " bytes cannot be put into a cabinet: it is not valid UTF-8.");
    }
    if (utf16le_size(utf8_document) > kLargestMember) {
        return too_large(kLargestMember);
    }
    return pack(to_utf16le(utf8_document));
}

}  // namespace headwater::catalog
