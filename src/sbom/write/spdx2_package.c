/* SPDX 2.3: packages, clause 7. */
#include "sbom/write/spdx2.h"

#include "base/time.h"

static void put_purpose(struct tu_spdx2_writing *s, const struct tu_component *c)
{
	struct tu_str word = tu_sbom__say_kind(c->kind, TU_SAY_SPDX2);

	if (c->kind == TU_KIND_UNKNOWN)
		return;
	if (!word.len)
		tu_sbom__lose(s->w, TU_LOSS_KIND, c);
	tu_spdx2_put(s, "primaryPackagePurpose", "PrimaryPackagePurpose",
		word.len ? word : TU_STR("OTHER"));
}

static void put_checksums(struct tu_spdx2_writing *s, const struct tu_component *c)
{
	if (!c->hash_count)
		return;
	tu_spdx2_open_list(s, "checksums");
	for (size_t i = 0; i < c->hash_count; i++) {
		const struct tu_spdx2_word words[] = {
			{"algorithm", tu_sbom__say_algorithm(c->hashes[i].algorithm, TU_SAY_SPDX2)},
			{"checksumValue", c->hashes[i].value},
		};

		if (!words[0].text.len) {
			tu_sbom__lose(s->w, TU_LOSS_HASH, c);
			continue;
		}
		tu_spdx2_open_item(s);
		tu_spdx2_put_words(s, "PackageChecksum", ": ", words, TU_COUNT(words));
		tu_spdx2_close_item(s);
	}
	tu_spdx2_close_list(s);
}

/* ---- licences ---- */

static void put_licences(struct tu_spdx2_writing *s, const struct tu_component *c)
{
	static const struct {
		enum tu_acknowledgement acknowledgement;
		const char *member;
		const char *tag;
	} places[] = {
		{TU_ACK_CONCLUDED, "licenseConcluded", "PackageLicenseConcluded"},
		{TU_ACK_DECLARED, "licenseDeclared", "PackageLicenseDeclared"},
	};

	for (size_t i = 0; i < TU_COUNT(places); i++) {
		struct tu_buf text;

		tu_buf_init(&text, SIZE_MAX / 2);
		if (!tu_spdx_licences_say(&s->licences, c, places[i].acknowledgement, &text))
			tu_buf_c(&text, "NOASSERTION");
		tu_spdx2_put_buf(s, places[i].member, places[i].tag, &text);
	}
}

/* ---- people and organisations ---- */

/* Whether it is a person is not always known. What is in parentheses at the end would be the
 * address. */
void tu_spdx2_add_actor(
	struct tu_spdx2_writing *s, const struct tu_party *party, struct tu_buf *out)
{
	struct tu_str contact = tu_party_contact(party);
	bool mail = tu_sbom__is_mail(contact);

	if (party->kind != TU_PARTY_PERSON && party->kind != TU_PARTY_ORGANIZATION)
		tu_sbom__lose(s->w, TU_LOSS_MAKER_KIND, s->at);
	if (party->contact_count > 1 || party->url_count > mail || (contact.len && !mail) ||
		(party->contact_count &&
			(party->contacts[0].name.len || party->contacts[0].phone.len)))
		tu_sbom__lose(s->w, TU_LOSS_CONTACT, s->at);
	tu_buf_c(out, party->kind == TU_PARTY_PERSON ? "Person: " : "Organization: ");
	tu_buf_str_add(out, party->name);
	if (!mail && !tu_str_ends(party->name, TU_STR(")")))
		return;
	tu_buf_c(out, party->name.len ? " (" : "(");
	tu_buf_str_add(out, mail ? contact : TU_STR(""));
	tu_buf_byte(out, ')');
}

static const struct tu_party *maker_of(const struct tu_component *c, enum tu_role role)
{
	for (size_t i = 0; c->detail && i < c->detail->maker_count; i++) {
		if (c->detail->makers[i].role == role && c->detail->makers[i].name.len)
			return &c->detail->makers[i];
	}
	return NULL;
}

static void put_maker(struct tu_spdx2_writing *s, const struct tu_party *party, enum tu_role own,
	const char *member, const char *tag)
{
	struct tu_buf text;

	if (!party)
		return;
	if (party->role != own)
		tu_sbom__lose(s->w, TU_LOSS_MAKER_ROLE, s->at);
	tu_buf_init(&text, SIZE_MAX / 2);
	tu_spdx2_add_actor(s, party, &text);
	tu_spdx2_put_buf(s, member, tag, &text);
}

/* Clauses 7.5 and 7.6: who distributes it, and where it comes from. CycloneDX has more parts. */
static void put_makers(struct tu_spdx2_writing *s, const struct tu_component *c)
{
	static const enum tu_role origins[] = {
		TU_ROLE_ORIGINATOR, TU_ROLE_MANUFACTURER, TU_ROLE_AUTHOR};
	const struct tu_party *supplier = maker_of(c, TU_ROLE_SUPPLIER);
	const struct tu_party *originator = NULL;
	size_t count = c->detail ? c->detail->maker_count : 0;

	for (size_t i = 0; !originator && i < TU_COUNT(origins); i++)
		originator = maker_of(c, origins[i]);
	if (!supplier)
		supplier = maker_of(c, TU_ROLE_PUBLISHER);
	put_maker(s, supplier, TU_ROLE_SUPPLIER, "supplier", "PackageSupplier");
	put_maker(s, originator, TU_ROLE_ORIGINATOR, "originator", "PackageOriginator");
	for (size_t i = 0; i < count; i++) {
		const struct tu_party *party = &c->detail->makers[i];

		if (party != supplier && party != originator)
			tu_sbom__lose(s->w, party->name.len ? TU_LOSS_MAKER : TU_LOSS_CONTACT, c);
	}
}

/* ---- texts ---- */

static struct tu_str text_of(const struct tu_component *c, enum tu_text_kind kind)
{
	return tu_sbom_detail_text(c->detail, kind);
}

/* A location that has no place of its own comes from a reference. */
static struct tu_str location_of(
	const struct tu_component *c, enum tu_text_kind kind, struct tu_str type)
{
	const struct tu_sbom_reference *reference = tu_spdx2_reference_of(c, type);
	struct tu_str text = text_of(c, kind);

	return text.len || !reference || !tu_sbom__is_uri(reference->url, false) ? text
										 : reference->url;
}

/* Clause 7.7: a URL, one of a version control system, or NONE. */
static bool is_download(struct tu_str text)
{
	static const struct tu_str systems[] = {
		TU_STR_INIT("git+"), TU_STR_INIT("hg+"), TU_STR_INIT("svn+"), TU_STR_INIT("bzr+")};
	static const struct tu_str transports[] = {TU_STR_INIT("https://"), TU_STR_INIT("http://"),
		TU_STR_INIT("ssh://"), TU_STR_INIT("git://"), TU_STR_INIT("svn://"),
		TU_STR_INIT("sftp://"), TU_STR_INIT("ftp://"), TU_STR_INIT("git@"),
		TU_STR_INIT("lp:")};
	struct tu_str rest = text;

	if (tu_str_eq(text, TU_STR("NONE")))
		return true;
	for (size_t i = 0; rest.len == text.len && i < TU_COUNT(systems); i++)
		(void)tu_str_skip(&rest, systems[i]);
	for (size_t i = 0; tu_sbom__is_uri(text, false) && i < TU_COUNT(transports); i++) {
		if (tu_str_starts(rest, transports[i]))
			return true;
	}
	return false;
}

static void put_download(struct tu_spdx2_writing *s, const struct tu_component *c)
{
	struct tu_str text = location_of(c, TU_TEXT_DOWNLOAD, TU_STR("distribution"));
	bool fits = is_download(text);

	if (text.len && !fits)
		tu_sbom__lose(s->w, TU_LOSS_URL, c);
	tu_spdx2_put(s, "downloadLocation", "PackageDownloadLocation",
		fits ? text : TU_STR("NOASSERTION"));
}

static void put_homepage(struct tu_spdx2_writing *s, const struct tu_component *c)
{
	struct tu_str text = location_of(c, TU_TEXT_HOMEPAGE, TU_STR("website"));

	if (!text.len)
		return;
	if (tu_sbom__is_uri(text, false) || tu_str_eq(text, TU_STR("NONE")))
		tu_spdx2_put(s, "homepage", "PackageHomePage", text);
	else
		tu_sbom__lose(s->w, TU_LOSS_URL, c);
}

static void put_source_info(struct tu_spdx2_writing *s, const struct tu_component *c)
{
	struct tu_buf text;

	if (!tu_sbom__source_text(s->w, c, &text))
		return;
	tu_spdx2_put_buf(s, "sourceInfo", "PackageSourceInfo", &text);
}

/* Clauses 7.25 to 7.27: UTC, whole seconds. */
static void put_date(struct tu_spdx2_writing *s, const struct tu_component *c,
	enum tu_text_kind kind, const char *tag)
{
	struct tu_str member = tu_sbom__text_member(kind, TU_SAY_SPDX2);
	struct tu_str text = text_of(c, kind);
	struct tu_buf utc;
	int64_t seconds = 0;

	if (!text.len)
		return;
	if (tu_sbom__is_utc(text)) {
		tu_spdx2_put(s, member.ptr, tag, text);
		return;
	}
	tu_sbom__lose(s->w, TU_LOSS_CREATED, c);
	if (!tu_time_parse(text, &seconds))
		return;
	tu_buf_init(&utc, 64);
	tu_time_write(seconds, &utc);
	tu_spdx2_put_buf(s, member.ptr, tag, &utc);
}

static void put_texts(struct tu_spdx2_writing *s, const struct tu_component *c)
{
	static const struct {
		enum tu_text_kind kind;
		const char *tag;
	} rows[] = {
		{TU_TEXT_LICENCE_COMMENT, "PackageLicenseComments"},
		{TU_TEXT_COPYRIGHT, "PackageCopyrightText"},
		{TU_TEXT_SUMMARY, "PackageSummary"},
		{TU_TEXT_DESCRIPTION, "PackageDescription"},
		{TU_TEXT_COMMENT, "PackageComment"},
	};

	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		struct tu_str text = text_of(c, rows[i].kind);

		if (text.len)
			tu_spdx2_put_text(s, tu_sbom__text_member(rows[i].kind, TU_SAY_SPDX2).ptr,
				rows[i].tag, text);
	}
}

static void put_attributions(struct tu_spdx2_writing *s, const struct tu_component *c)
{
	const struct tu_sbom_detail *detail = c->detail;

	if (!text_of(c, TU_TEXT_ATTRIBUTION).len)
		return;
	tu_spdx2_open_list(s, "attributionTexts");
	for (size_t i = 0; i < detail->text_count; i++) {
		if (detail->texts[i].kind == TU_TEXT_ATTRIBUTION)
			tu_spdx2_add_text(s, "PackageAttributionText", detail->texts[i].text);
	}
	tu_spdx2_close_list(s);
}

/* ---- the package ---- */

static void lose_parts(struct tu_spdx2_writing *s, const struct tu_component *c)
{
	bool files = s->w->inventory->list.len && tu_str_eq(s->w->inventory->list, TU_STR("files"));

	if (files)
		tu_sbom__lose(s->w, TU_LOSS_FILE, c);
	if (c->group.len)
		tu_sbom__lose(s->w, TU_LOSS_GROUP, c);
	if (c->scope != TU_SCOPE_REQUIRED)
		tu_sbom__lose(s->w, TU_LOSS_SCOPE, c);
	if (c->property_count)
		tu_sbom__lose(s->w, TU_LOSS_PROPERTY, c);
	tu_sbom__lose_unheld(s->w, TU_SAY_SPDX2, c);
}

static void put_id(struct tu_spdx2_writing *s, uint32_t index)
{
	struct tu_buf id;

	tu_buf_init(&id, SIZE_MAX / 2);
	tu_spdx2_add_id(s, index, &id);
	if (s->at->ref.len && !tu_str_eq(s->at->ref, tu_buf_str(&id)))
		tu_sbom__lose(s->w, TU_LOSS_REF, s->at);
	tu_spdx2_put_buf(s, "SPDXID", "SPDXID", &id);
}

void tu_spdx2_package(struct tu_spdx2_writing *s, uint32_t index)
{
	const struct tu_component *c = &s->w->inventory->components[index];

	s->at = c;
	lose_parts(s, c);
	if (s->tags)
		tu_buf_byte(s->w->out, '\n');
	tu_spdx2_open_item(s);
	tu_spdx2_put(s, "name", "PackageName", tu_sbom__name_of(s->w, c));
	put_id(s, index);
	tu_spdx2_put_opt(s, "versionInfo", "PackageVersion", c->version);
	tu_spdx2_put_opt(s, "packageFileName", "PackageFileName", text_of(c, TU_TEXT_FILE_NAME));
	put_makers(s, c);
	put_download(s, c);
	tu_spdx2_put_bool(s, "filesAnalyzed", "FilesAnalyzed", false);
	put_homepage(s, c);
	put_checksums(s, c);
	put_source_info(s, c);
	put_licences(s, c);
	put_texts(s, c);
	put_attributions(s, c);
	tu_spdx2_references(s, c);
	put_date(s, c, TU_TEXT_RELEASED, "ReleaseDate");
	put_date(s, c, TU_TEXT_BUILT, "BuiltDate");
	put_date(s, c, TU_TEXT_VALID_UNTIL, "ValidUntilDate");
	put_purpose(s, c);
	tu_spdx2_close_item(s);
	s->at = NULL;
}
