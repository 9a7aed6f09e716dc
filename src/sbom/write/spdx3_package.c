/* SPDX 3.0.1 JSON-LD: packages, and who made them (see spdx3.h). */
#include "sbom/write/spdx3.h"

#include "base/time.h"
#include "sbom/references.h"

/* ---- parts of a package ---- */

static void put_purpose(struct tu_spdx3_writing *s, const struct tu_component *c)
{
	struct tu_str word = tu_sbom__say_kind(c->kind, TU_SAY_SPDX3);

	if (c->kind == TU_KIND_UNKNOWN)
		return;
	if (!word.len)
		tu_sbom__lose(s->w, TU_LOSS_KIND, c);
	tu_json_member_str(&s->to, "software_primaryPurpose", word.len ? word : TU_STR("other"));
}

static void put_hashes(struct tu_spdx3_writing *s, const struct tu_component *c)
{
	if (!c->hash_count)
		return;
	tu_json_key(&s->to, "verifiedUsing");
	tu_json_open_array(&s->to);
	for (size_t i = 0; i < c->hash_count; i++) {
		struct tu_str word = tu_sbom__say_algorithm(c->hashes[i].algorithm, TU_SAY_SPDX3);

		if (!word.len) {
			tu_sbom__lose(s->w, TU_LOSS_HASH, c);
			continue;
		}
		tu_json_open_object(&s->to);
		tu_json_member_str(&s->to, "type", TU_STR("Hash"));
		tu_json_member_str(&s->to, "algorithm", word);
		tu_json_member_str(&s->to, "hashValue", c->hashes[i].value);
		tu_json_close_object(&s->to);
	}
	tu_json_close_array(&s->to);
}

static void put_identifiers(struct tu_spdx3_writing *s, const struct tu_component *c)
{
	if (!c->cpe_count && !c->swid.len)
		return;
	tu_json_key(&s->to, "externalIdentifier");
	tu_json_open_array(&s->to);
	for (size_t i = 0; i < c->cpe_count; i++)
		tu_sbom__spdx3_identifier(s,
			tu_str_starts(c->cpes[i], TU_STR("cpe:/")) ? "cpe22" : "cpe23", c->cpes[i]);
	if (c->swid.len)
		tu_sbom__spdx3_identifier(s, "swid", c->swid);
	tu_json_close_array(&s->to);
}

static void put_properties(struct tu_spdx3_writing *s, const struct tu_component *c)
{
	struct tu_json_writer *to = &s->to;

	if (!c->property_count)
		return;
	tu_json_key(to, "extension");
	tu_json_open_array(to);
	tu_json_open_object(to);
	tu_json_member_str(to, "type", TU_STR("extension_CdxPropertiesExtension"));
	tu_json_key(to, "extension_cdxProperty");
	tu_json_open_array(to);
	for (size_t i = 0; i < c->property_count; i++) {
		tu_json_open_object(to);
		tu_json_member_str(to, "type", TU_STR("extension_CdxPropertyEntry"));
		tu_json_member_str(to, "extension_cdxPropName", c->properties[i].name);
		tu_json_member_str(to, "extension_cdxPropValue", c->properties[i].value);
		tu_json_close_object(to);
	}
	tu_json_close_array(to);
	tu_json_close_object(to);
	tu_json_close_array(to);
}

static void put_source_info(struct tu_spdx3_writing *s, const struct tu_component *c)
{
	struct tu_buf text;

	if (!tu_sbom__source_text(s->w, c, &text))
		return;
	tu_json_member_str(&s->to, "software_sourceInfo", tu_buf_str(&text));
	s->w->out->failed = s->w->out->failed || text.failed;
	tu_buf_done(&text);
}

/* ---- agents ---- */

static const char *const agent_types[] = {
	[TU_PARTY_UNSTATED] = "Agent",
	[TU_PARTY_PERSON] = "Person",
	[TU_PARTY_ORGANIZATION] = "Organization",
	[TU_PARTY_TOOL] = "SoftwareAgent",
};

/* Agents are distinguished by kind, contact and name: a contact that is written has no line
 * break. */
void tu_sbom__spdx3_add_agent(
	struct tu_spdx3_writing *s, const struct tu_party *party, const struct tu_component *at)
{
	struct tu_str contact = tu_party_contact(party);
	bool placed = tu_sbom__is_mail(contact) || tu_sbom__is_uri(contact, true);
	struct tu_buf agent;

	if ((contact.len && !placed) || party->contact_count + party->url_count > 1 ||
		(party->contact_count &&
			(party->contacts[0].name.len || party->contacts[0].phone.len)))
		tu_sbom__lose(s->w, TU_LOSS_CONTACT, at);
	tu_buf_init(&agent, SIZE_MAX / 2);
	tu_buf_byte(&agent, (char)('0' + (int)party->kind));
	tu_buf_str_add(&agent, placed ? contact : TU_STR(""));
	tu_buf_byte(&agent, '\n');
	tu_buf_str_add(&agent, party->name);
	if (agent.failed)
		s->w->out->failed = true;
	else
		tu_sbom__spdx3_add_made(
			s, "agent-", tu_sbom__spdx3_number(s, s->agents, tu_buf_str(&agent)));
	tu_buf_done(&agent);
}

/* A name, or an address that can be written. */
static bool has_words(const struct tu_party *party)
{
	struct tu_str contact = tu_party_contact(party);

	return party->name.len || tu_sbom__is_mail(contact) || tu_sbom__is_uri(contact, true);
}

static const struct tu_party *maker_of(const struct tu_component *c, enum tu_role role)
{
	for (size_t i = 0; c->detail && i < c->detail->maker_count; i++) {
		const struct tu_party *party = &c->detail->makers[i];

		if (party->role == role && has_words(party))
			return party;
	}
	return NULL;
}

/* Who distributes it, or publishes it; and those it comes from. */
static void put_makers(struct tu_spdx3_writing *s, const struct tu_component *c)
{
	const struct tu_party *supplier = maker_of(c, TU_ROLE_SUPPLIER);
	size_t count = c->detail ? c->detail->maker_count : 0;
	size_t originators = 0;

	if (!supplier)
		supplier = maker_of(c, TU_ROLE_PUBLISHER);
	if (supplier) {
		if (supplier->role != TU_ROLE_SUPPLIER)
			tu_sbom__lose(s->w, TU_LOSS_MAKER_ROLE, c);
		tu_json_key(&s->to, "suppliedBy");
		tu_sbom__spdx3_add_agent(s, supplier, c);
	}
	for (size_t i = 0; i < count; i++) {
		const struct tu_party *party = &c->detail->makers[i];

		if (party == supplier)
			continue;
		if (!has_words(party)) {
			tu_sbom__lose(s->w, TU_LOSS_CONTACT, c);
			continue;
		}
		if (party->role == TU_ROLE_SUPPLIER || party->role == TU_ROLE_PUBLISHER) {
			tu_sbom__lose(s->w, TU_LOSS_MAKER, c);
			continue;
		}
		if (party->role != TU_ROLE_ORIGINATOR)
			tu_sbom__lose(s->w, TU_LOSS_MAKER_ROLE, c);
		if (!originators++) {
			tu_json_key(&s->to, "originatedBy");
			tu_json_open_array(&s->to);
		}
		tu_sbom__spdx3_add_agent(s, party, c);
	}
	if (originators)
		tu_json_close_array(&s->to);
}

/* ---- texts and references ---- */

static bool is_date(enum tu_text_kind kind)
{
	return kind == TU_TEXT_RELEASED || kind == TU_TEXT_BUILT || kind == TU_TEXT_VALID_UNTIL;
}

static void put_date(struct tu_spdx3_writing *s, const struct tu_component *c, const char *member,
	struct tu_str text)
{
	struct tu_buf utc;
	int64_t seconds = 0;

	if (tu_sbom__is_utc(text)) {
		tu_json_member_str(&s->to, member, text);
		return;
	}
	tu_sbom__lose(s->w, TU_LOSS_CREATED, c);
	if (!tu_time_parse(text, &seconds))
		return;
	tu_buf_init(&utc, 64);
	tu_time_write(seconds, &utc);
	tu_json_member_str(&s->to, member, tu_buf_str(&utc));
	tu_buf_done(&utc);
}

static void put_text(struct tu_spdx3_writing *s, const struct tu_component *c,
	enum tu_text_kind kind, struct tu_str text)
{
	struct tu_str member = tu_sbom__text_member(kind, TU_SAY_SPDX3);
	bool location = kind == TU_TEXT_DOWNLOAD || kind == TU_TEXT_HOMEPAGE;

	if (is_date(kind))
		put_date(s, c, member.ptr, text);
	else if (location && !tu_sbom__is_uri(text, true))
		tu_sbom__lose(s->w, TU_LOSS_URL, c);
	else
		tu_json_member_str(&s->to, member.ptr, text);
}

static void put_attributions(struct tu_spdx3_writing *s, const struct tu_component *c)
{
	tu_json_key(&s->to, tu_sbom__text_member(TU_TEXT_ATTRIBUTION, TU_SAY_SPDX3).ptr);
	tu_json_open_array(&s->to);
	for (size_t i = 0; i < c->detail->text_count; i++) {
		if (c->detail->texts[i].kind == TU_TEXT_ATTRIBUTION)
			tu_json_add_str(&s->to, c->detail->texts[i].text);
	}
	tu_json_close_array(&s->to);
}

static void put_texts(struct tu_spdx3_writing *s, const struct tu_component *c)
{
	for (int i = 0; i < TU_TEXTS_; i++) {
		enum tu_text_kind kind = (enum tu_text_kind)i;
		struct tu_str text = tu_sbom_detail_text(c->detail, kind);

		if (!text.len || !tu_sbom__text_member(kind, TU_SAY_SPDX3).len ||
			kind == TU_TEXT_SOURCE_INFO)
			continue;
		if (kind == TU_TEXT_ATTRIBUTION)
			put_attributions(s, c);
		else
			put_text(s, c, kind, text);
	}
}

static void put_reference(struct tu_spdx3_writing *s, const struct tu_sbom_reference *reference,
	const struct tu_component *c)
{
	struct tu_str word = tu_sbom__spdx3_reference_word(reference->type);

	if (!word.len)
		tu_sbom__lose(s->w, TU_LOSS_REFERENCE_TYPE, c);
	if (reference->hash_count)
		tu_sbom__lose(s->w, TU_LOSS_REFERENCE_HASH, c);
	tu_json_open_object(&s->to);
	tu_json_member_str(&s->to, "type", TU_STR("ExternalRef"));
	tu_json_member_str(&s->to, "externalRefType", word.len ? word : TU_STR("other"));
	tu_json_key(&s->to, "locator");
	tu_json_open_array(&s->to);
	tu_json_add_str(&s->to, reference->url);
	tu_json_close_array(&s->to);
	tu_json_member_opt(&s->to, "comment", reference->comment);
	tu_json_close_object(&s->to);
}

/* One that leads nowhere is none. */
static void put_references(struct tu_spdx3_writing *s, const struct tu_component *c)
{
	size_t count = 0;

	for (size_t i = 0; c->detail && i < c->detail->reference_count; i++) {
		if (!c->detail->references[i].url.len) {
			tu_sbom__lose(s->w, TU_LOSS_REFERENCE, c);
			continue;
		}
		if (!count++) {
			tu_json_key(&s->to, "externalRef");
			tu_json_open_array(&s->to);
		}
		put_reference(s, &c->detail->references[i], c);
	}
	if (count)
		tu_json_close_array(&s->to);
}

/* ---- the package ---- */

static void lose_parts(struct tu_spdx3_writing *s, const struct tu_component *c)
{
	if (c->ref.len && !tu_sbom__spdx3_has_own_id(s, c))
		tu_sbom__lose(s->w, TU_LOSS_REF, c);
	if (c->group.len)
		tu_sbom__lose(s->w, TU_LOSS_GROUP, c);
	if (c->scope != TU_SCOPE_REQUIRED)
		tu_sbom__lose(s->w, TU_LOSS_SCOPE, c);
	if (tu_str_eq(s->w->inventory->list, TU_STR("files")))
		tu_sbom__lose(s->w, TU_LOSS_FILE, c);
	tu_sbom__lose_unheld(s->w, TU_SAY_SPDX3, c);
}

/* A file is a package too: readers that look for packages would not see it. */
void tu_sbom__spdx3_package(struct tu_spdx3_writing *s, uint32_t index)
{
	const struct tu_component *c = &s->w->inventory->components[index];
	struct tu_json_writer *to = &s->to;

	lose_parts(s, c);
	tu_json_open_object(to);
	tu_json_member_str(to, "type", TU_STR("software_Package"));
	tu_json_key(to, "spdxId");
	tu_sbom__spdx3_add_id(s, index);
	tu_json_member_str(to, "creationInfo", TU_STR(TU_SPDX3_CREATION));
	tu_json_member_str(to, "name", tu_sbom__name_of(s->w, c));
	tu_json_member_opt(to, "software_packageVersion", c->version);
	tu_json_member_opt(to, "software_packageUrl", c->purl);
	put_purpose(s, c);
	put_makers(s, c);
	put_texts(s, c);
	put_references(s, c);
	put_identifiers(s, c);
	put_hashes(s, c);
	put_source_info(s, c);
	put_properties(s, c);
	tu_json_close_object(to);
}

static void put_agent(struct tu_spdx3_writing *s, size_t number, struct tu_str agent)
{
	size_t end = tu_str_find(agent, '\n');
	struct tu_str contact = tu_str_first(agent, end);
	size_t kind = (size_t)(agent.ptr[0] - '0');

	contact = tu_str_from(contact, 1);
	tu_sbom__spdx3_open(s, agent_types[kind], "agent-", number);
	tu_json_member_opt(&s->to, "name", tu_str_from(agent, end + 1));
	if (contact.len) {
		tu_json_key(&s->to, "externalIdentifier");
		tu_json_open_array(&s->to);
		tu_sbom__spdx3_identifier(
			s, tu_sbom__is_mail(contact) ? "email" : "urlScheme", contact);
		tu_json_close_array(&s->to);
	}
	tu_json_close_object(&s->to);
}

void tu_sbom__spdx3_agents(struct tu_spdx3_writing *s)
{
	for (uint32_t i = 0; i < tu_intern_count(s->agents); i++)
		put_agent(s, i, tu_intern_str(s->agents, i));
}
