#include "sbom/flat/shapes.h"

#include <tutela/attr.h>

/* The packer and the unpacker copy enumerations as 32 bits. */
_Static_assert(sizeof(enum tu_sbom_format) == sizeof(uint32_t), "enumerations have 32 bits");

/* Rows; S is the struct of the table, L and N the members with a list and its count. */
#define TEXT(m) \
	{ \
		.name = #m, .kind = TU_FLAT_TEXT, .at = offsetof(struct S, m) \
	}
#define JSON(m) \
	{ \
		.name = #m, .kind = TU_FLAT_JSON, .at = offsetof(struct S, m) \
	}
#define BOOL(m) \
	{ \
		.name = #m, .kind = TU_FLAT_BOOL, .at = offsetof(struct S, m) \
	}
#define U32(m) \
	{ \
		.name = #m, .kind = TU_FLAT_U32, .at = offsetof(struct S, m) \
	}
#define SIZE(m, low) \
	{ \
		.name = #m, .kind = TU_FLAT_SIZE, .at = offsetof(struct S, m), .least = (low) \
	}
#define INDEX(m) \
	{ \
		.name = #m, .kind = TU_FLAT_INDEX, .at = offsetof(struct S, m) \
	}
#define PARENT(m) \
	{ \
		.name = #m, .kind = TU_FLAT_PARENT, .at = offsetof(struct S, m) \
	}
#define ENUM(m, last) \
	{ \
		.name = #m, .kind = TU_FLAT_ENUM, .at = offsetof(struct S, m), \
		.end = (uint32_t)(last) + 1 \
	}
#define MANY(k, l, n) \
	.name = #l, .kind = (k), .at = offsetof(struct S, l), .count_at = offsetof(struct S, n)
#define TEXTS(l, n) \
	{ \
		MANY(TU_FLAT_TEXTS, l, n) \
	}
#define INDICES(l, n) \
	{ \
		MANY(TU_FLAT_INDICES, l, n) \
	}
#define ASCENDING(l, n) \
	{ \
		MANY(TU_FLAT_ASCENDING, l, n) \
	}
#define LIST(l, n, shape) \
	{ \
		MANY(TU_FLAT_LIST, l, n), .of = &(shape) \
	}
#define OPTIONAL(m, shape) \
	{ \
		.name = #m, .kind = TU_FLAT_OPTIONAL, .at = offsetof(struct S, m), .of = &(shape) \
	}
#define DERIVED(m) \
	{ \
		.name = #m, .kind = TU_FLAT_DERIVED, .at = offsetof(struct S, m) \
	}

#define SHAPE(words, rows) .name = (words), .fields = (rows), .field_count = TU_COUNT(rows)

/* ---- parts ---- */

#define S tu_property
static const struct tu_flat_field property_fields[] = {TEXT(name), TEXT(value)};
#undef S
static const struct tu_flat_shape property = {
	SHAPE("property", property_fields), .size = sizeof(struct tu_property)};

#define S tu_hash_value
static const struct tu_flat_field hash_fields[] = {TEXT(algorithm), TEXT(value)};
#undef S
static const struct tu_flat_shape hash = {
	SHAPE("hash", hash_fields), .size = sizeof(struct tu_hash_value)};

#define S tu_resolved
static const struct tu_flat_field resolved_fields[] = {TEXT(id), TEXT(source), TEXT(detail)};
#undef S
static const struct tu_flat_shape resolved = {
	SHAPE("resolved", resolved_fields), .size = sizeof(struct tu_resolved)};

#define S tu_licence
static const struct tu_flat_field licence_fields[] = {TEXT(text), ENUM(kind, TU_LICENCE_EXPRESSION),
	ENUM(acknowledgement, TU_ACK_CONCLUDED), TEXT(content), TEXT(content_type), TEXT(encoding),
	TEXT(url)};
#undef S
static const struct tu_flat_shape licence = {
	SHAPE("licence", licence_fields), .size = sizeof(struct tu_licence)};

#define S tu_licence_text
static const struct tu_flat_field licence_text_fields[] = {
	TEXT(id), TEXT(name), TEXT(text), TEXT(comment), TEXTS(urls, url_count)};
#undef S
static const struct tu_flat_shape licence_text = {
	SHAPE("licence text", licence_text_fields), .size = sizeof(struct tu_licence_text)};

#define S tu_contact
static const struct tu_flat_field contact_fields[] = {TEXT(name), TEXT(email), TEXT(phone)};
#undef S
static const struct tu_flat_shape contact = {
	SHAPE("contact", contact_fields), .size = sizeof(struct tu_contact)};

#define S tu_party
static const struct tu_flat_field party_fields[] = {ENUM(role, TU_ROLES_ - 1),
	ENUM(kind, TU_PARTY_TOOL), TEXT(name), LIST(contacts, contact_count, contact),
	TEXTS(urls, url_count)};
#undef S
static const struct tu_flat_shape party = {
	SHAPE("party", party_fields), .size = sizeof(struct tu_party)};

#define S tu_sbom_reference
static const struct tu_flat_field reference_fields[] = {
	TEXT(category), TEXT(type), TEXT(url), TEXT(comment), LIST(hashes, hash_count, hash)};
#undef S
static const struct tu_flat_shape reference = {
	SHAPE("reference", reference_fields), .size = sizeof(struct tu_sbom_reference)};

#define S tu_sbom_text
static const struct tu_flat_field text_fields[] = {ENUM(kind, TU_TEXTS_ - 1), TEXT(text)};
#undef S
static const struct tu_flat_shape text = {
	SHAPE("text", text_fields), .size = sizeof(struct tu_sbom_text)};

#define S tu_kept
static const struct tu_flat_field kept_fields[] = {TEXT(name), JSON(json)};
#undef S
static const struct tu_flat_shape kept = {
	SHAPE("kept part", kept_fields), .size = sizeof(struct tu_kept)};

#define S tu_sbom_detail
static const struct tu_flat_field detail_fields[] = {LIST(texts, text_count, text),
	LIST(makers, maker_count, party), LIST(references, reference_count, reference),
	LIST(kept, kept_count, kept)};
#undef S
static const struct tu_flat_shape detail = {
	SHAPE("detail", detail_fields), .size = sizeof(struct tu_sbom_detail)};

#define S tu_relationship
static const struct tu_flat_field relationship_fields[] = {
	INDEX(from), INDEX(to), ENUM(relation, TU_REL_OTHER), ENUM(type, TU_RELATION_TYPES_ - 1)};
#undef S
static const struct tu_flat_shape relationship = {
	SHAPE("relationship", relationship_fields), .size = sizeof(struct tu_relationship)};

#define S tu_sbom_note
static const struct tu_flat_field note_fields[] = {TEXT(pointer), TEXT(message), SIZE(count, 1)};
#undef S
static const struct tu_flat_shape note = {
	SHAPE("note", note_fields), .size = sizeof(struct tu_sbom_note), .is = TU_FLAT_NOTE};
/* Not under the limit on notes. */
static const struct tu_flat_shape unkept = {
	SHAPE("unkept", note_fields), .size = sizeof(struct tu_sbom_note)};

/* ---- statements ---- */

static const struct tu_flat_shape product;

#define S tu_vex_product
static const struct tu_flat_field product_fields[] = {TEXT(id), TEXT(name),
	TEXTS(purls, purl_count), TEXTS(cpes, cpe_count), LIST(hashes, hash_count, hash),
	TEXT(serial), U32(bom_version), TEXT(ref), INDICES(components, component_count),
	BOOL(whole), BOOL(dangling), TEXTS(versions, version_count),
	TEXTS(excluded, excluded_count), BOOL(narrowed), BOOL(unreadable),
	LIST(parts, part_count, product)};
#undef S
static const struct tu_flat_shape product = {
	SHAPE("product", product_fields), .size = sizeof(struct tu_vex_product)};

#define S tu_vex_claim
static const struct tu_flat_field claim_fields[] = {TEXT(vulnerability),
	TEXTS(aliases, alias_count), ENUM(status, TU_CLAIM_STATUSES - 1), BOOL(garbled),
	BOOL(patch), TEXT(state), TEXT(justification), TEXT(impact), TEXT(action), TEXT(notes),
	LIST(products, product_count, product), TEXT(author), TEXT(timestamp), TEXT(pointer)};
#undef S
static const struct tu_flat_shape claim = {
	SHAPE("claim", claim_fields), .size = sizeof(struct tu_vex_claim)};

/* ---- a component, the inventory ---- */

#define S tu_component
static const struct tu_flat_field component_fields[] = {TEXT(ref), ENUM(kind, TU_KIND_OTHER),
	ENUM(scope, TU_SCOPE_EXCLUDED), TEXT(group), TEXT(name), TEXT(version), TEXT(supplier),
	TEXT(contact), TEXT(purl), TEXTS(cpes, cpe_count), TEXT(swid),
	LIST(hashes, hash_count, hash), LIST(licences, licence_count, licence),
	LIST(properties, property_count, property), LIST(resolved, resolved_count, resolved),
	OPTIONAL(detail, detail), PARENT(parent), U32(ordinal)};
#undef S
const struct tu_flat_shape tu_flat_component = {SHAPE("component", component_fields),
	.size = sizeof(struct tu_component), .is = TU_FLAT_COMPONENT};

/* Components are first: what names them by index comes after them. */
#define S tu_inventory
static const struct tu_flat_field inventory_fields[] = {
	LIST(components, component_count, tu_flat_component), ENUM(format, TU_SBOM_FORMATS_ - 1),
	TEXT(spec_version), TEXT(serial), U32(bom_version), TEXT(name), TEXT(created),
	TEXTS(tools, tool_count), TEXT(phase), TEXTS(phases, phase_count),
	LIST(authors, author_count, party), TEXT(supplier), LIST(licences, licence_count, licence),
	LIST(licence_texts, licence_text_count, licence_text),
	LIST(properties, property_count, property), OPTIONAL(detail, detail), INDEX(subject),
	LIST(relationships, relationship_count, relationship), ASCENDING(leaves, leaf_count),
	LIST(claims, claim_count, claim), LIST(notes, note_count, note), SIZE(notes_left_out, 0),
	LIST(unkept, unkept_count, unkept), TEXT(root), DERIVED(above), TEXT(list)};
#undef S
const struct tu_flat_shape tu_flat_inventory = {
	SHAPE("inventory", inventory_fields), .size = sizeof(struct tu_inventory)};
