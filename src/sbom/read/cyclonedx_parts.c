/* CycloneDX JSON, what components and the document share: people and organisations, licences,
 * references, properties (see cyclonedx.h). */
#include "sbom/read/cyclonedx.h"
#include "sbom/read/members.h"

#include <stddef.h>

/* ---- people and organisations ---- */

struct entity {
	struct tu_str name;
	struct tu_str email; /* of a person */
	struct tu_str phone;
	struct tu_str first_url;
	struct tu_str first_email; /* of the contacts */
	struct tu_contact *contacts;
	size_t contact_count;
	const struct tu_str *urls;
	size_t url_count;
};

static const struct tu_sbom_member contact_members[] = {
	{TU_STR_INIT("name"), TU_SBOM_STRING, tu_sbom__text, SLOT(tu_contact, name)},
	{TU_STR_INIT("email"), TU_SBOM_STRING, tu_sbom__text, SLOT(tu_contact, email)},
	{TU_STR_INIT("phone"), TU_SBOM_STRING, tu_sbom__text, SLOT(tu_contact, phone)},
	UNKEPT("bom-ref"),
};
static const struct tu_sbom_shape contact_shape = {"not understood: member of a contact:",
	contact_members, TU_COUNT(contact_members), "lost: member of a contact:"};

static enum tu_status read_contact(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	static const struct tu_contact nobody = {
		.name = {"", 0}, .email = {"", 0}, .phone = {"", 0}};
	struct entity *entity = into;
	struct tu_contact contact = nobody;
	enum tu_status status = tu_sbom__object(b, at, &contact_shape, &contact);

	if (!entity->first_email.len)
		entity->first_email = contact.email;
	if (!status && entity->contacts &&
		(contact.name.len || contact.email.len || contact.phone.len))
		entity->contacts[entity->contact_count++] = contact;
	return status;
}

static enum tu_status read_contacts(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct entity *entity = into;

	if (!b->for_matching) {
		entity->contacts = tu_arena_array(
			b->arena, tu_json_count(at->value), sizeof(*entity->contacts));
		if (!entity->contacts)
			return tu_sbom__nomem(b);
	}
	return tu_sbom__each(b, at, TU_SBOM_OBJECT, read_contact, into);
}

static enum tu_status read_urls(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct entity *entity = into;
	struct tu_json_iter iter = tu_json_iter(at->value);
	struct tu_json item = at->value;

	if (!tu_json_is_array(at->value) || tu_json_next_item(&iter, &item))
		entity->first_url = tu_json_str(item);
	return tu_sbom__strings(b, at, &entity->urls, &entity->url_count);
}

static const struct tu_sbom_member entity_members[] = {
	{TU_STR_INIT("name"), TU_SBOM_STRING, tu_sbom__view, SLOT(entity, name)},
	{TU_STR_INIT("email"), TU_SBOM_STRING, tu_sbom__view, SLOT(entity, email)},
	{TU_STR_INIT("phone"), TU_SBOM_STRING, tu_sbom__view, SLOT(entity, phone)},
	{TU_STR_INIT("url"), TU_SBOM_ARRAY | TU_SBOM_STRING, read_urls, 0},
	{TU_STR_INIT("contact"), TU_SBOM_ARRAY, read_contacts, 0},
	UNKEPT("bom-ref"),
	UNKEPT("address"),
};
static const struct tu_sbom_shape entity_shape = {
	"not understood: member of an organisation or person:", entity_members,
	TU_COUNT(entity_members), "lost: member of an organisation or person:"};

/* Where a person is reached is beside the name. */
static enum tu_status add_own_contact(struct tu_sbom_builder *b, struct entity *entity)
{
	struct tu_contact *contact;

	if (b->for_matching || entity->contact_count || (!entity->email.len && !entity->phone.len))
		return TU_OK;
	contact = tu_arena_alloc(b->arena, sizeof(*contact));
	if (!contact)
		return tu_sbom__nomem(b);
	contact->name = (struct tu_str){"", 0};
	if (tu_sbom__copy(b, entity->email, &contact->email) ||
		tu_sbom__copy(b, entity->phone, &contact->phone))
		return TU_E_NOMEM;
	entity->contacts = contact;
	entity->contact_count = 1;
	return TU_OK;
}

/* The supplier's name and contact are those of the first one found; an e-mail address comes before
 * a URL. */
static enum tu_status take_made(
	struct tu_sbom_builder *b, const struct entity *entity, struct tu_sbom_made *made)
{
	struct tu_str email = entity->email.len ? entity->email : entity->first_email;

	if (made->name.len || (!entity->name.len && made->contact.len))
		return TU_OK;
	if (tu_sbom__copy(b, entity->name, &made->name))
		return TU_E_NOMEM;
	return tu_sbom__copy(b, email.len ? email : entity->first_url, &made->contact);
}

static enum tu_status read_party(struct tu_sbom_builder *b, const struct tu_sbom_at *at,
	struct tu_sbom_made *made, struct tu_party *party)
{
	static const struct entity nobody = {.name = {"", 0},
		.email = {"", 0},
		.phone = {"", 0},
		.first_url = {"", 0},
		.first_email = {"", 0}};
	struct entity entity = nobody;
	enum tu_status status = tu_sbom__object(b, at, &entity_shape, &entity);

	if (!status)
		status = add_own_contact(b, &entity);
	if (!status)
		status = take_made(b, &entity, made);
	party->name = entity.name;
	party->contacts = entity.contact_count ? entity.contacts : NULL;
	party->contact_count = entity.contact_count;
	party->urls = entity.url_count ? entity.urls : NULL;
	party->url_count = entity.url_count;
	return status;
}

/* By the member's name: the role, and what its schema says that it is. */
static const struct {
	struct tu_str member;
	enum tu_role role;
	enum tu_party_kind kind;
} roles[] = {
	{TU_STR_INIT("supplier"), TU_ROLE_SUPPLIER, TU_PARTY_ORGANIZATION},
	{TU_STR_INIT("manufacturer"), TU_ROLE_MANUFACTURER, TU_PARTY_ORGANIZATION},
	{TU_STR_INIT("manufacture"), TU_ROLE_MANUFACTURER, TU_PARTY_ORGANIZATION},
	{TU_STR_INIT("publisher"), TU_ROLE_PUBLISHER, TU_PARTY_UNSTATED},
	{TU_STR_INIT("author"), TU_ROLE_AUTHOR, TU_PARTY_UNSTATED},
	{TU_STR_INIT("authors"), TU_ROLE_AUTHOR, TU_PARTY_PERSON},
};

static struct tu_party party_of_member(const struct tu_sbom_at *at)
{
	struct tu_str member = at->key.ptr ? at->key : at->up->key;
	struct tu_party party = {.role = TU_ROLE_AUTHOR, .name = {"", 0}};

	for (size_t i = 0; i < TU_COUNT(roles); i++) {
		if (tu_str_eq(roles[i].member, member)) {
			party.role = roles[i].role;
			party.kind = roles[i].kind;
		}
	}
	return party;
}

enum tu_status tu_sbom__cyclonedx_maker(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct tu_sbom_draft *draft = into;
	struct tu_party party = party_of_member(at);
	struct tu_sbom_made *made = &draft->makers[party.role];
	enum tu_status status = TU_OK;

	if (tu_json_is_array(at->value))
		return tu_sbom__each(b, at, TU_SBOM_OBJECT, tu_sbom__cyclonedx_maker, into);
	if (tu_json_is_object(at->value))
		status = read_party(b, at, made, &party);
	else
		party.name = tu_json_str(at->value);
	if (!status && tu_json_is_string(at->value) && !made->name.len)
		status = tu_sbom__copy(b, party.name, &made->name);
	return status ? status : tu_sbom__add_party(b, &b->own, &party);
}

enum tu_status tu_sbom__cyclonedx_author(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct tu_sbom_made made = {{"", 0}, {"", 0}, TU_PARTY_UNSTATED};
	struct tu_party party = party_of_member(at);
	enum tu_status status = read_party(b, at, &made, &party);
	struct tu_sbom_made kept = made;

	(void)into;
	kept.kind = party.kind;
	if (!status && b->for_matching)
		status = tu_sbom__party_of(b, &kept, party.role, &party);
	return status ? status : tu_sbom__take_author(b, &party);
}

enum tu_status tu_sbom__cyclonedx_supplier(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct tu_sbom_made made = {{"", 0}, {"", 0}, TU_PARTY_UNSTATED};
	struct tu_party party = party_of_member(at);
	enum tu_status status = read_party(b, at, &made, &party);

	if (!status)
		status = tu_sbom__copy(b, party.name, into);
	return status ? status : tu_sbom__add_party(b, &b->document, &party);
}

/* ---- licences: [{"license": {"id" or "name"}} or {"expression"}] ---- */

struct licence {
	struct tu_sbom_lists *lists;
	struct tu_str id;
	struct tu_str name;
	struct tu_str expression; /* in a license: misplaced, but seen */
	struct tu_str acknowledgement;
	struct tu_licence is;
};

static const struct tu_sbom_member text_members[] = {
	{TU_STR_INIT("content"), TU_SBOM_STRING, tu_sbom__view, SLOT(tu_licence, content)},
	{TU_STR_INIT("contentType"), TU_SBOM_STRING, tu_sbom__view, SLOT(tu_licence, content_type)},
	{TU_STR_INIT("encoding"), TU_SBOM_STRING, tu_sbom__view, SLOT(tu_licence, encoding)},
};
static const struct tu_sbom_shape text_shape = {
	"not understood: member of a license's text:", text_members, TU_COUNT(text_members)};

static enum tu_status read_text(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct licence *licence = into;

	return b->for_matching ? TU_OK : tu_sbom__object(b, at, &text_shape, &licence->is);
}

#define IN_LICENCE(member) SLOT(licence, member)
static const struct tu_sbom_member licence_members[] = {
	{TU_STR_INIT("id"), TU_SBOM_STRING, tu_sbom__view, IN_LICENCE(id)},
	{TU_STR_INIT("name"), TU_SBOM_STRING, tu_sbom__view, IN_LICENCE(name)},
	{TU_STR_INIT("expression"), TU_SBOM_STRING, tu_sbom__view, IN_LICENCE(expression)},
	{TU_STR_INIT("acknowledgement"), TU_SBOM_STRING, tu_sbom__view,
		IN_LICENCE(acknowledgement)},
	{TU_STR_INIT("url"), TU_SBOM_STRING, tu_sbom__view, IN_LICENCE(is.url)},
	{TU_STR_INIT("text"), TU_SBOM_OBJECT, read_text, 0},
	UNKEPT("bom-ref"),
	UNKEPT("licensing"),
	UNKEPT("properties"),
};
static const struct tu_sbom_shape licence_shape = {"not understood: member of a license:",
	licence_members, TU_COUNT(licence_members), "lost: member of a license:"};

static enum tu_status take_licence(struct tu_sbom_builder *b, const struct tu_sbom_at *at,
	struct licence *licence, enum tu_licence_kind kind)
{
	static const struct {
		struct tu_str word;
		enum tu_acknowledgement is;
	} acknowledgements[] = {
		{TU_STR_INIT("declared"), TU_ACK_DECLARED},
		{TU_STR_INIT("concluded"), TU_ACK_CONCLUDED},
	};
	bool found = licence->acknowledgement.len == 0;

	for (size_t i = 0; i < TU_COUNT(acknowledgements); i++) {
		if (!tu_str_eq(acknowledgements[i].word, licence->acknowledgement))
			continue;
		licence->is.acknowledgement = acknowledgements[i].is;
		found = true;
	}
	licence->is.kind = kind;
	if (!found &&
		tu_sbom__note(b, at, "not understood: acknowledgement of a license",
			licence->acknowledgement))
		return TU_E_NOMEM;
	return tu_sbom__take_licence(b, licence->lists, &licence->is);
}

static const struct licence no_licence = {.id = {"", 0},
	.name = {"", 0},
	.expression = {"", 0},
	.acknowledgement = {"", 0},
	.is = {.text = {"", 0},
		.content = {"", 0},
		.content_type = {"", 0},
		.encoding = {"", 0},
		.url = {"", 0}}};

static enum tu_status read_licence(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct licence licence = no_licence;
	const struct licence *choice = into;
	enum tu_status status = tu_sbom__object(b, at, &licence_shape, &licence);
	enum tu_licence_kind kind = TU_LICENCE_EXPRESSION;

	licence.lists = choice->lists;
	if (status)
		return status;
	licence.is.text = licence.expression;
	if (licence.name.len) {
		licence.is.text = licence.name;
		kind = TU_LICENCE_NAME;
	}
	if (licence.id.len) {
		licence.is.text = licence.id;
		kind = TU_LICENCE_ID;
	}
	if (licence.is.text.len)
		return take_licence(b, at, &licence, kind);
	return tu_sbom__note(b, at, "left out: a license without id or name", TU_STR(""));
}

static const struct tu_sbom_member licence_choice_members[] = {
	{TU_STR_INIT("license"), TU_SBOM_OBJECT, read_licence, 0},
	{TU_STR_INIT("expression"), TU_SBOM_STRING, tu_sbom__view, IN_LICENCE(expression)},
	{TU_STR_INIT("acknowledgement"), TU_SBOM_STRING, tu_sbom__view,
		IN_LICENCE(acknowledgement)},
	UNKEPT("expressionDetails"),
	UNKEPT("bom-ref"),
	UNKEPT("licensing"),
	UNKEPT("properties"),
	UNKEPT("text"),
};
static const struct tu_sbom_shape licence_choice_shape = {
	"not understood: member of a license choice:", licence_choice_members,
	TU_COUNT(licence_choice_members), "lost: member of a license choice:"};

static enum tu_status read_licence_choice(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct licence choice = no_licence;
	enum tu_status status;

	choice.lists = into;
	status = tu_sbom__object(b, at, &licence_choice_shape, &choice);
	choice.is.text = choice.expression;
	return status || !choice.expression.len
		? status
		: take_licence(b, at, &choice, TU_LICENCE_EXPRESSION);
}

enum tu_status tu_sbom__cyclonedx_licences(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, struct tu_sbom_lists *lists)
{
	return tu_sbom__each(b, at, TU_SBOM_OBJECT, read_licence_choice, lists);
}

/* ---- hashes ---- */

struct pair {
	struct tu_str first;
	struct tu_str second;
};

static const struct tu_sbom_member hash_members[] = {
	{TU_STR_INIT("alg"), TU_SBOM_STRING, tu_sbom__view, SLOT(pair, first)},
	{TU_STR_INIT("content"), TU_SBOM_STRING, tu_sbom__view, SLOT(pair, second)},
};
static const struct tu_sbom_shape hash_shape = {
	"not understood: member of a hash:", hash_members, TU_COUNT(hash_members)};

static enum tu_status read_hash(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct pair hash = {0};
	enum tu_status status = tu_sbom__object(b, at, &hash_shape, &hash);

	(void)into;
	return status ? status : tu_sbom__hash(b, at, hash.first, hash.second);
}

enum tu_status tu_sbom__cyclonedx_hashes(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	return tu_sbom__each(b, at, TU_SBOM_OBJECT, read_hash, into);
}

/* ---- external references ---- */

struct reference {
	struct tu_sbom_reference is;
	struct tu_hash_value *hashes;
};

/* A reference's hashes are kept as written; they identify nothing. */
static enum tu_status read_reference_hash(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct reference *reference = into;
	struct tu_hash_value *hash = &reference->hashes[reference->is.hash_count];
	struct pair pair = {{"", 0}, {"", 0}};
	enum tu_status status = tu_sbom__object(b, at, &hash_shape, &pair);

	if (status || !pair.second.len)
		return status;
	reference->is.hash_count++;
	if (tu_sbom__copy(b, pair.first, &hash->algorithm))
		return TU_E_NOMEM;
	return tu_sbom__copy(b, pair.second, &hash->value);
}

static enum tu_status read_reference_hashes(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct reference *reference = into;

	reference->hashes =
		tu_arena_array(b->arena, tu_json_count(at->value), sizeof(*reference->hashes));
	if (!reference->hashes)
		return tu_sbom__nomem(b);
	reference->is.hashes = reference->hashes;
	return tu_sbom__each(b, at, TU_SBOM_OBJECT, read_reference_hash, into);
}

static const struct tu_sbom_member reference_members[] = {
	{TU_STR_INIT("type"), TU_SBOM_STRING, tu_sbom__view, SLOT(reference, is.type)},
	{TU_STR_INIT("url"), TU_SBOM_STRING, tu_sbom__view, SLOT(reference, is.url)},
	{TU_STR_INIT("comment"), TU_SBOM_STRING, tu_sbom__view, SLOT(reference, is.comment)},
	{TU_STR_INIT("hashes"), TU_SBOM_ARRAY, read_reference_hashes, 0},
	UNKEPT("properties"),
};
static const struct tu_sbom_shape reference_shape = {
	"not understood: member of an external reference:", reference_members,
	TU_COUNT(reference_members), "lost: member of an external reference:"};

static enum tu_status read_reference(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct reference reference = {
		.is = {.category = {"", 0}, .type = {"", 0}, .url = {"", 0}, .comment = {"", 0}}};
	enum tu_status status = tu_sbom__object(b, at, &reference_shape, &reference);

	if (!reference.is.hash_count)
		reference.is.hashes = NULL;
	return status ? status : tu_sbom__add_reference(b, into, &reference.is);
}

enum tu_status tu_sbom__cyclonedx_references(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, struct tu_sbom_lists *lists)
{
	return b->for_matching ? TU_OK
			       : tu_sbom__each(b, at, TU_SBOM_OBJECT, read_reference, lists);
}

/* ---- properties and texts ---- */

static const struct tu_sbom_member property_members[] = {
	{TU_STR_INIT("name"), TU_SBOM_STRING, tu_sbom__text, SLOT(tu_property, name)},
	{TU_STR_INIT("value"), TU_SBOM_STRING, tu_sbom__text, SLOT(tu_property, value)},
};
static const struct tu_sbom_shape property_shape = {
	"not understood: member of a property:", property_members, TU_COUNT(property_members)};

static enum tu_status read_property(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	return tu_sbom__property(b, at, &property_shape, into);
}

enum tu_status tu_sbom__cyclonedx_properties(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, struct tu_sbom_lists *lists)
{
	return tu_sbom__each(b, at, TU_SBOM_OBJECT, read_property, lists);
}

static enum tu_status add_text(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct tu_str member = at->key.ptr ? at->key : at->up->key;
	struct tu_str text = tu_json_str(at->value);
	enum tu_text_kind kind;

	if (tu_json_true(at->value))
		text = TU_STR("true");
	if (!tu_sbom__text_kind(member, TU_SAY_CYCLONEDX, &kind))
		return TU_OK;
	return tu_sbom__add_text(b, into, kind, text);
}

enum tu_status tu_sbom__cyclonedx_text(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, struct tu_sbom_lists *lists)
{
	if (b->for_matching)
		return TU_OK;
	if (tu_json_is_array(at->value))
		return tu_sbom__each(b, at, TU_SBOM_STRING, add_text, lists);
	return add_text(b, at, lists);
}
