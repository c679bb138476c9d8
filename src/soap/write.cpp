#include "soap/write.hpp"

#include "base/xml.hpp"

namespace headwater::soap {
namespace {

class Writer {
public:
    Writer(std::string& out, Style style) : out_(out), style_(style) {}

    void element(std::string_view name, std::string_view item_name, std::string_view name_space,
                 const Type& type, const void* value);
    void content(std::string_view item_name, const Type& type, const void* value);

private:
    void open(std::string_view name, std::string_view name_space);
    void close(std::string_view name, std::size_t content_begin);
    void attributes(const Type& type, const void* value);

    std::string& out_;
    Style style_;
};

/// The table gives members by an address that may be written to; here it is only read from.
const void* member_of(const Field& field, const void* structure) {
    return field.member(const_cast<void*>(structure));
}

void Writer::open(std::string_view name, std::string_view name_space) {
    out_ += '<';
    out_ += name;
    if (!name_space.empty()) {
        out_ += " xmlns=\"";
        xml::append_attribute(out_, name_space);
        out_ += '"';
    }
}

/// Closes an element whose start tag is complete; without content it becomes an empty-element tag.
void Writer::close(std::string_view name, std::size_t content_begin) {
    if (out_.size() == content_begin) {
        out_.pop_back();
        out_ += style_ == Style::kIndigo ? "/>" : " />";
        return;
    }
    out_ += "</";
    out_ += name;
    out_ += '>';
}

void Writer::element(std::string_view name, std::string_view item_name, std::string_view name_space,
                     const Type& type, const void* value) {
    if (type.shape == Shape::kOptional) {
        if (const void* inner = type.value(value); inner != nullptr) {
            element(name, item_name, name_space, type.inner(), inner);
        } else if (type.is_nil(value)) {
            open(name, name_space);
            out_ += " xsi:nil=\"true\">";
            close(name, out_.size());
        }
        return;
    }
    open(name, name_space);
    attributes(type, value);
    out_ += '>';
    const std::size_t begin = out_.size();
    content(item_name, type, value);
    close(name, begin);
}

void Writer::attributes(const Type& type, const void* value) {
    for (const Field& field : type.fields) {
        if (!field.is_attribute) {
            continue;
        }
        const Type* of = &field.type();
        const void* member = member_of(field, value);
        if (of->shape == Shape::kOptional) {
            member = of->value(member);
            of = &of->inner();
        }
        if (member != nullptr) {
            out_ += ' ';
            out_ += field.name;
            out_ += "=\"";
            of->format(*of, member, Place::kAttribute, out_);
            out_ += '"';
        }
    }
}

void Writer::content(std::string_view item_name, const Type& type, const void* value) {
    switch (type.shape) {
        case Shape::kSimple:
            type.format(type, value, Place::kContent, out_);
            return;
        case Shape::kRaw:
            out_ += type.raw(const_cast<void*>(value));
            return;
        case Shape::kArray: {
            const Type& inner = type.inner();
            const std::string_view name = item_name.empty() ? inner.name : item_name;
            const std::size_t size = type.size(value);
            for (std::size_t i = 0; i < size; ++i) {
                element(name, {}, {}, inner, type.item(value, i));
            }
            return;
        }
        case Shape::kStructure:
            for (const Field& field : type.fields) {
                if (!field.is_attribute) {
                    element(field.name, field.item_name, {}, field.type(), member_of(field, value));
                }
            }
            return;
        case Shape::kOptional:
            if (const void* inner = type.value(value); inner != nullptr) {
                content(item_name, type.inner(), inner);
            }
    }
}

}  // namespace

namespace detail {

void write(std::string& out, Style style, std::string_view name, std::string_view name_space,
           const Type& type, const void* value) {
    Writer(out, style).element(name, {}, name_space, type, value);
}

void write_content(std::string& out, Style style, const Type& type, const void* value,
                   std::string_view item_name) {
    Writer(out, style).content(item_name, type, value);
}

}  // namespace detail
}  // namespace headwater::soap
