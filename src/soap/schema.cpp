#include "soap/schema.hpp"

#include <set>
#include <vector>

#include "base/xml.hpp"
#include "soap/names.hpp"

namespace headwater::soap {
namespace {

std::string capitalised(std::string_view name) {
    std::string out(name);
    if (!out.empty() && out.front() >= 'a' && out.front() <= 'z') {
        out.front() = static_cast<char>(out.front() - 'a' + 'A');
    }
    return out;
}

/// The type that an optional or a ready-made value stands for.
const Type& bare(const Type& type) {
    return type.shape == Shape::kOptional || type.shape == Shape::kRaw ? bare(type.inner()) : type;
}

/// As .NET names it. A simple type under another item name gets that name, so that the two differ.
std::string array_name(const Type& array, std::string_view item_name) {
    const Type& inner = bare(array.inner());
    const bool by_item = inner.shape == Shape::kSimple && !item_name.empty();
    return "ArrayOf" + capitalised(by_item ? item_name : inner.name);
}

std::string type_name(const Type& type, std::string_view item_name) {
    if (type.shape == Shape::kArray) {
        return "tns:" + array_name(type, item_name);
    }
    if (type.shape == Shape::kStructure || !type.names.empty()) {
        return "tns:" + std::string(type.name);
    }
    return (&type == &type_of<Guid>() ? "g:" : "s:") + std::string(type.name);
}

/// Writes each named type once, in the order in which they are met.
class Schema {
public:
    explicit Schema(std::string& out) : out_(out) {}

    void message(std::string_view name, const Type& type) {
        out_ += "<s:element name=\"" + std::string(name) + "\">";
        complex(type, {});
        out_ += "</s:element>";
        drain();
    }

private:
    struct Pending {
        const Type* type;
        std::string_view item_name;
    };

    void drain() {
        for (std::size_t i = 0; i < pending_.size(); ++i) {
            const Pending next = pending_[i];
            if (next.type->shape == Shape::kSimple) {
                enumeration(*next.type);
            } else {
                complex(*next.type,
                        next.type->shape == Shape::kArray ? array_name(*next.type, next.item_name)
                                                          : std::string(next.type->name),
                        next.item_name);
            }
        }
        pending_.clear();
    }

    std::string use(const Type& type, std::string_view item_name) {
        std::string name = type_name(type, item_name);
        if (name.starts_with("tns:") && known_.insert(name).second) {
            pending_.push_back({&type, item_name});
        }
        return name;
    }

    void complex(const Type& type, const std::string& name, std::string_view item_name = {}) {
        out_ += "<s:complexType" + (name.empty() ? name : " name=\"" + name + "\"") + ">";
        if (type.shape == Shape::kArray) {
            const Type& inner = bare(type.inner());
            out_ += "<s:sequence>";
            element(item_name.empty() ? inner.name : item_name, inner, {}, "0", "unbounded",
                    inner.is_reference);
            out_ += "</s:sequence>";
        } else {
            fields(type);
        }
        out_ += "</s:complexType>";
    }

    void fields(const Type& type) {
        out_ += "<s:sequence>";
        for (const Field& field : type.fields) {
            if (!field.is_attribute) {
                const bool minor = field.is_minor || field.type().shape == Shape::kOptional;
                element(field.name, bare(field.type()), field.item_name, minor ? "0" : "1", "1",
                        field.is_nillable);
            }
        }
        out_ += "</s:sequence>";
        for (const Field& field : type.fields) {
            if (field.is_attribute) {
                out_ += "<s:attribute name=\"" + std::string(field.name) + "\" type=\"" +
                        use(bare(field.type()), {}) + "\"" +
                        (field.type().shape == Shape::kOptional ? "" : " use=\"required\"") + "/>";
            }
        }
    }

    void element(std::string_view name, const Type& type, std::string_view item_name,
                 std::string_view least, std::string_view most, bool nillable) {
        out_ += "<s:element minOccurs=\"" + std::string(least) + "\" maxOccurs=\"" +
                std::string(most) + "\" name=\"" + std::string(name) + "\"" +
                (nillable ? " nillable=\"true\"" : "") + " type=\"" + use(type, item_name) + "\"/>";
    }

    void enumeration(const Type& type) {
        out_ += "<s:simpleType name=\"" + std::string(type.name) +
                "\"><s:restriction base=\"s:string\">";
        for (const std::string_view name : type.names) {
            out_ += "<s:enumeration value=\"" + std::string(name) + "\"/>";
        }
        out_ += "</s:restriction></s:simpleType>";
    }

    std::string& out_;
    std::set<std::string> known_;
    std::vector<Pending> pending_;
};

constexpr std::string_view kGuidSchema =
    "<s:schema elementFormDefault=\"qualified\" "
    "targetNamespace=\"http://microsoft.com/wsdl/types/\">"
    "<s:simpleType name=\"guid\"><s:restriction base=\"s:string\"><s:pattern value=\""
    "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\"/>"
    "</s:restriction></s:simpleType></s:schema>";

class Description {
public:
    Description(std::string_view name, std::string_view name_space, std::string_view address)
        : port_(std::string(name) + "Soap"), name_(name) {
        xml::append_attribute(name_space_, name_space);
        xml::append_attribute(address_, address);
    }

    std::string write(std::span<const DescribedOperation> operations) {
        out_ =
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>"
            "<wsdl:definitions xmlns:wsdl=\"http://schemas.xmlsoap.org/wsdl/\""
            " xmlns:soap=\"http://schemas.xmlsoap.org/wsdl/soap/\""
            " xmlns:soap12=\"http://schemas.xmlsoap.org/wsdl/soap12/\" xmlns:s=\"";
        out_ += kSchemaNamespace;
        out_ += "\" xmlns:g=\"";
        out_ += kTypesNamespace;
        out_ += "\" xmlns:tns=\"" + name_space_ + "\" targetNamespace=\"" + name_space_ + "\">";
        types(operations);
        for (const DescribedOperation& operation : operations) {
            message(operation.name, "SoapIn", "");
            message(operation.name, "SoapOut", "Response");
        }
        port_type(operations);
        binding("soap", port_, operations);
        binding("soap12", port_ + "12", operations);
        service();
        return std::move(out_) + "</wsdl:definitions>";
    }

private:
    void types(std::span<const DescribedOperation> operations) {
        out_ += "<wsdl:types><s:schema elementFormDefault=\"qualified\" targetNamespace=\"" +
                name_space_ + "\"><s:import namespace=\"" + std::string(kTypesNamespace) + "\"/>";
        Schema schema(out_);
        for (const DescribedOperation& operation : operations) {
            schema.message(operation.name, *operation.request);
            schema.message(std::string(operation.name) + "Response", *operation.response);
        }
        out_ += "</s:schema>";
        out_ += kGuidSchema;
        out_ += "</wsdl:types>";
    }

    void message(std::string_view operation, std::string_view suffix, std::string_view element) {
        const std::string name(operation);
        out_ += "<wsdl:message name=\"" + name + std::string(suffix) +
                "\"><wsdl:part name=\"parameters\" element=\"tns:" + name + std::string(element) +
                "\"/></wsdl:message>";
    }

    void port_type(std::span<const DescribedOperation> operations) {
        out_ += "<wsdl:portType name=\"" + port_ + "\">";
        for (const DescribedOperation& operation : operations) {
            const std::string name(operation.name);
            out_ += "<wsdl:operation name=\"" + name + "\"><wsdl:input message=\"tns:" + name +
                    "SoapIn\"/><wsdl:output message=\"tns:" + name + "SoapOut\"/></wsdl:operation>";
        }
        out_ += "</wsdl:portType>";
    }

    void binding(const std::string& prefix, const std::string& name,
                 std::span<const DescribedOperation> operations) {
        const std::string body = "<" + prefix + ":body use=\"literal\"/>";
        out_ += "<wsdl:binding name=\"" + name + "\" type=\"tns:" + port_ + "\"><" + prefix +
                ":binding transport=\"http://schemas.xmlsoap.org/soap/http\"/>";
        for (const DescribedOperation& operation : operations) {
            const std::string of(operation.name);
            out_ += "<wsdl:operation name=\"" + of + "\"><" + prefix + ":operation soapAction=\"" +
                    name_space_ + "/" + of + "\" style=\"document\"/><wsdl:input>" + body +
                    "</wsdl:input><wsdl:output>" + body + "</wsdl:output></wsdl:operation>";
        }
        out_ += "</wsdl:binding>";
    }

    void service() {
        out_ += "<wsdl:service name=\"" + name_ + "\">";
        for (const std::string& suffix : {std::string(), std::string("12")}) {
            out_ += "<wsdl:port name=\"" + port_ + suffix + "\" binding=\"tns:" + port_ + suffix +
                    "\"><soap" + suffix + ":address location=\"" + address_ + "\"/></wsdl:port>";
        }
        out_ += "</wsdl:service>";
    }

    std::string port_;
    std::string name_;
    std::string name_space_;
    std::string address_;
    std::string out_;
};

}  // namespace

std::string describe(std::string_view name, std::string_view name_space, std::string_view address,
                     std::span<const DescribedOperation> operations) {
    return Description(name, name_space, address).write(operations);
}

}  // namespace headwater::soap
