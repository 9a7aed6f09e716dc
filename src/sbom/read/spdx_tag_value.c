/*
 * SPDX 2.0 to 2.3 tag-value, written as SPDX JSON (see rewrite.h).
 *
 * Tags: the specification, https://spdx.github.io/spdx-spec/v2.3/, clauses 6 to 12. Packages, files
 * and relationships come in any order, so each has a part of its own.
 */
#include "sbom/read/spdx.h"
#include "sbom/read/spdx_tag_lines.h"

#include "base/alloc.h"

enum section { DOCUMENT, PACKAGE, FILE_, SNIPPET, LICENCE };
enum list { ATTRIBUTIONS, CROSS_REFERENCES, LISTS_ };

/* A reference or relationship, three words, whose comment, if any, is the next tag. */
struct tu_spdx_pending {
	bool open;
	struct tu_str words[3];
};

struct reading {
	struct tu_sbom_rewrite *r;
	struct tu_spdx_lines lines;
	size_t row; /* in the table, of the tag being read */
	enum section section;
	uint64_t seen; /* members of the open object, by their row */
	uint64_t seen_once; /* members of the document, wherever their tags are */
	struct tu_spdx_pending reference;
	struct tu_spdx_pending relationship;
	struct tu_sbom_part packages;
	struct tu_sbom_part files;
	struct tu_sbom_part snippets;
	struct tu_sbom_part relationships;
	struct tu_sbom_part creators;
	struct tu_sbom_part licences;
	/* Of the open package, file or licence. */
	struct tu_sbom_part externals;
	struct tu_sbom_part checksums;
	struct tu_sbom_part lists[LISTS_]; /* texts that may come several times */
	struct tu_str created;
	struct tu_str list_version;
	struct tu_str creator_comment;
};

static enum tu_status note(struct reading *t, const char *what, struct tu_str detail)
{
	return tu_sbom__rewrite_note(t->r, t->lines.line, TU_STR(""), what, detail);
}

/* The writer of the section, or NULL where nothing is written. */
static struct tu_json_writer *writer_of(struct reading *t)
{
	switch (t->section) {
	case PACKAGE:
		return &t->packages.to;
	case FILE_:
		return &t->files.to;
	case SNIPPET:
		return &t->snippets.to;
	case DOCUMENT:
		return &t->r->to;
	case LICENCE:
		return &t->licences.to;
	default:
		return NULL;
	}
}

/* ---- sections ---- */

static void end_list(struct tu_json_writer *to, const char *key, struct tu_sbom_part *part)
{
	if (part->buf.len) {
		tu_json_key(to, key);
		tu_json_open_array(to);
		tu_buf_str_add(to->buf, tu_buf_str(&part->buf));
		tu_json_close_array(to);
	}
	tu_buf_clear(&part->buf);
	part->to = tu_json_writer(&part->buf, false);
}

static void end_pending(struct tu_json_writer *to, struct tu_spdx_pending *pending,
	const char *const *members, struct tu_str comment)
{
	if (!pending->open)
		return;
	pending->open = false;
	tu_json_open_object(to);
	for (size_t i = 0; i < TU_COUNT(pending->words); i++)
		tu_json_member_str(to, members[i], pending->words[i]);
	tu_json_member_opt(to, "comment", comment);
	tu_json_close_object(to);
}

/* The external reference that is open, with its comment. */
static void end_reference(struct reading *t, struct tu_str comment)
{
	static const char *const members[] = {
		"referenceCategory", "referenceType", "referenceLocator"};

	end_pending(&t->externals.to, &t->reference, members, comment);
}

static void end_relationship(struct reading *t, struct tu_str comment)
{
	static const char *const members[] = {
		"spdxElementId", "relationshipType", "relatedSpdxElement"};

	end_pending(&t->relationships.to, &t->relationship, members, comment);
}

static void end_section(struct reading *t)
{
	struct tu_json_writer *to = writer_of(t);

	end_reference(t, TU_STR(""));
	if (!to || t->section == DOCUMENT)
		return;
	end_list(to, "externalRefs", &t->externals);
	end_list(to, "checksums", &t->checksums);
	end_list(to, "attributionTexts", &t->lists[ATTRIBUTIONS]);
	end_list(to, "seeAlsos", &t->lists[CROSS_REFERENCES]);
	tu_json_close_object(to);
}

static void begin_section(struct reading *t, enum section section)
{
	end_section(t);
	t->section = section;
	t->seen = 0;
	if (writer_of(t))
		tu_json_open_object(writer_of(t));
}

/* ---- tags ---- */

/* Where a part of the line is. */
#define PLACE(part) \
	{ \
		.line = t->lines.line, .column = (size_t)((part).ptr - t->lines.text.ptr) + 1 \
	}

struct tag {
	const char *name;
	enum tu_status (*read)(struct reading *t, const struct tag *tag, struct tu_str value);
	const char *member;
	unsigned sections; /* a bit for each in which it may stand; 0: any */
};

#define IN(section) (1u << (section))

static enum tu_status read_member(struct reading *t, const struct tag *tag, struct tu_str value)
{
	uint64_t bit = (uint64_t)1 << t->row;
	struct tu_json_writer *to = writer_of(t);

	if (!to)
		return TU_OK;
	if (t->seen & bit)
		return note(t, "left out: a tag that may come only once:", tu_str_c(tag->name));
	t->seen |= bit;
	tu_json_member_str(to, tag->member, value);
	return TU_OK;
}

static enum tu_status read_version(struct reading *t, const struct tag *tag, struct tu_str value)
{
	struct tu_str json;

	(void)tag;
	if (value.len == 0)
		return TU_OK;
	json = tu_sbom__spdx_version(t->r, value);
	if (!json.len)
		return tu_fail_at(t->r->err, TU_E_UNSUPPORTED, &(struct tu_error_place)PLACE(value),
			"SPDX tag-value, version \"%.*s\"; SPDX-2.0 to SPDX-2.3 are read",
			TU_STR_FMT(tu_str_first(value, 32)));
	return read_member(t, tag, json);
}

/* What the JSON reader knows of and does not keep: once is enough to say so. */
static enum tu_status read_unkept(struct reading *t, const struct tag *tag, struct tu_str value)
{
	uint64_t bit = (uint64_t)1 << t->row;
	struct tu_json_writer *to = tag->sections ? writer_of(t) : &t->r->to;
	uint64_t *seen = tag->sections ? &t->seen : &t->seen_once;

	if (to && !(*seen & bit))
		tu_json_member_str(to, tag->member, value);
	*seen |= bit;
	return TU_OK;
}

static enum tu_status read_analyzed(struct reading *t, const struct tag *tag, struct tu_str value)
{
	uint64_t bit = (uint64_t)1 << t->row;

	if (!(t->seen & bit))
		tu_json_member_bool(writer_of(t), tag->member, tu_str_ieq(value, TU_STR("true")));
	t->seen |= bit;
	return TU_OK;
}

static enum tu_status read_created(struct reading *t, const struct tag *tag, struct tu_str value)
{
	(void)tag;
	t->created = value;
	return TU_OK;
}

static enum tu_status read_list_version(
	struct reading *t, const struct tag *tag, struct tu_str value)
{
	(void)tag;
	t->list_version = value;
	return TU_OK;
}

static enum tu_status read_creator_comment(
	struct reading *t, const struct tag *tag, struct tu_str value)
{
	(void)tag;
	t->creator_comment = value;
	return TU_OK;
}

static enum tu_status read_attribution(
	struct reading *t, const struct tag *tag, struct tu_str value)
{
	(void)tag;
	tu_json_add_str(&t->lists[ATTRIBUTIONS].to, value);
	return TU_OK;
}

static enum tu_status read_cross_reference(
	struct reading *t, const struct tag *tag, struct tu_str value)
{
	(void)tag;
	tu_json_add_str(&t->lists[CROSS_REFERENCES].to, value);
	return TU_OK;
}

static enum tu_status read_creator(struct reading *t, const struct tag *tag, struct tu_str value)
{
	(void)tag;
	tu_json_add_str(&t->creators.to, value);
	return TU_OK;
}

static enum tu_status begin_package(struct reading *t, const struct tag *tag, struct tu_str value)
{
	begin_section(t, PACKAGE);
	return read_member(t, tag, value);
}

static enum tu_status begin_file(struct reading *t, const struct tag *tag, struct tu_str value)
{
	begin_section(t, FILE_);
	return read_member(t, tag, value);
}

static enum tu_status begin_snippet(struct reading *t, const struct tag *tag, struct tu_str value)
{
	begin_section(t, SNIPPET);
	return read_member(t, tag, value);
}

static enum tu_status begin_licence(struct reading *t, const struct tag *tag, struct tu_str value)
{
	begin_section(t, LICENCE);
	return read_member(t, tag, value);
}

/* "SHA1: 85ed0817af83a24ad8da68c2b5094de69833983c" */
static enum tu_status read_checksum(struct reading *t, const struct tag *tag, struct tu_str value)
{
	struct tu_json_writer *to = &t->checksums.to;
	struct tu_str algorithm;

	(void)tag;
	if (tu_str_find(value, ':') == value.len)
		return note(t, "left out: a checksum without algorithm", TU_STR(""));
	(void)tu_str_split(&value, ':', &algorithm);
	tu_json_open_object(to);
	tu_json_member_str(to, "algorithm", tu_str_trim(algorithm));
	tu_json_member_str(to, "checksumValue", tu_str_trim(value));
	tu_json_close_object(to);
	return TU_OK;
}

/* The first word, stepped over with the white space after it. */
static struct tu_str take_word(struct tu_str *text)
{
	size_t len = 0;
	struct tu_str word;

	while (len < text->len && !tu_char_is_space(text->ptr[len]))
		len++;
	word = tu_str_first(*text, len);
	*text = tu_str_trim(tu_str_from(*text, len));
	return word;
}

/* "SECURITY cpe23Type cpe:2.3:a:…" */
static enum tu_status read_external(struct reading *t, const struct tag *tag, struct tu_str value)
{
	struct tu_str category = take_word(&value);
	struct tu_str type = take_word(&value);

	(void)tag;
	end_reference(t, TU_STR(""));
	if (value.len == 0)
		return note(t, "left out: an external reference that is not of three words",
			TU_STR(""));
	t->reference = (struct tu_spdx_pending){true, {category, type, value}};
	return TU_OK;
}

static enum tu_status read_external_comment(
	struct reading *t, const struct tag *tag, struct tu_str value)
{
	(void)tag;
	if (!t->reference.open)
		return note(
			t, "left out: a comment that follows no external reference", TU_STR(""));
	end_reference(t, value);
	return TU_OK;
}

/* "SPDXRef-DOCUMENT DESCRIBES SPDXRef-Package" */
static enum tu_status read_relationship(
	struct reading *t, const struct tag *tag, struct tu_str value)
{
	struct tu_str from = take_word(&value);
	struct tu_str type = take_word(&value);
	struct tu_str target = take_word(&value);

	(void)tag;
	end_relationship(t, TU_STR(""));
	if (target.len == 0)
		return note(t, "left out: a relationship that is not of three words", TU_STR(""));
	t->relationship = (struct tu_spdx_pending){true, {from, type, target}};
	return TU_OK;
}

static enum tu_status read_relationship_comment(
	struct reading *t, const struct tag *tag, struct tu_str value)
{
	(void)tag;
	if (!t->relationship.open)
		return note(t, "left out: a comment that follows no relationship", TU_STR(""));
	end_relationship(t, value);
	return TU_OK;
}

#define IN_PACKAGE(name, member) \
	{ \
		name, read_member, member, IN(PACKAGE) \
	}
#define KNOWN(name) \
	{ \
		name, NULL, NULL, 0 \
	}

#define UNKEPT(name, member, section) \
	{ \
		name, read_unkept, member, IN(section) \
	}
#define UNKEPT_ANYWHERE(name, member) \
	{ \
		name, read_unkept, member, 0 \
	}

/* At most 64 rows may write members: their bits are in one word. They come first. */
static const struct tag tags[] = {
	{"SPDXVersion", read_version, "spdxVersion", IN(DOCUMENT)},
	{"DataLicense", read_member, "dataLicense", IN(DOCUMENT)},
	{"DocumentName", read_member, "name", IN(DOCUMENT)},
	{"DocumentNamespace", read_member, "documentNamespace", IN(DOCUMENT)},
	{"DocumentComment", read_member, "comment", IN(DOCUMENT)},
	{"SPDXID", read_member, "SPDXID", IN(DOCUMENT) | IN(PACKAGE) | IN(FILE_)},
	{"PackageName", begin_package, "name", 0},
	IN_PACKAGE("PackageVersion", "versionInfo"),
	IN_PACKAGE("PackageFileName", "packageFileName"),
	IN_PACKAGE("PackageSupplier", "supplier"),
	IN_PACKAGE("PackageOriginator", "originator"),
	IN_PACKAGE("PackageDownloadLocation", "downloadLocation"),
	{"FilesAnalyzed", read_analyzed, "filesAnalyzed", IN(PACKAGE)},
	IN_PACKAGE("PackageHomePage", "homepage"),
	IN_PACKAGE("PackageLicenseConcluded", "licenseConcluded"),
	IN_PACKAGE("PackageLicenseDeclared", "licenseDeclared"),
	IN_PACKAGE("PackageLicenseComments", "licenseComments"),
	IN_PACKAGE("PackageCopyrightText", "copyrightText"),
	IN_PACKAGE("PackageSourceInfo", "sourceInfo"),
	IN_PACKAGE("PackageSummary", "summary"),
	IN_PACKAGE("PackageDescription", "description"),
	IN_PACKAGE("PackageComment", "comment"),
	IN_PACKAGE("ReleaseDate", "releaseDate"),
	IN_PACKAGE("BuiltDate", "builtDate"),
	IN_PACKAGE("ValidUntilDate", "validUntilDate"),
	IN_PACKAGE("PrimaryPackagePurpose", "primaryPackagePurpose"),
	UNKEPT("PackageVerificationCode", "packageVerificationCode", PACKAGE),
	UNKEPT("PackageLicenseInfoFromFiles", "licenseInfoFromFiles", PACKAGE),
	{"FileName", begin_file, "fileName", 0},
	{"LicenseConcluded", read_member, "licenseConcluded", IN(FILE_)},
	{"LicenseComments", read_member, "licenseComments", IN(FILE_)},
	{"FileCopyrightText", read_member, "copyrightText", IN(FILE_)},
	{"FileComment", read_member, "comment", IN(FILE_)},
	UNKEPT("FileType", "fileTypes", FILE_),
	UNKEPT("LicenseInfoInFile", "licenseInfoInFiles", FILE_),
	UNKEPT("FileNotice", "noticeText", FILE_),
	UNKEPT("FileContributor", "fileContributors", FILE_),
	UNKEPT("FileDependency", "fileDependencies", FILE_),
	UNKEPT("ArtifactOfProjectName", "artifactOfs", FILE_),
	{"SnippetSPDXID", begin_snippet, "SPDXID", 0},
	{"LicenseID", begin_licence, "licenseId", 0},
	{"ExtractedText", read_member, "extractedText", IN(LICENCE)},
	{"LicenseName", read_member, "name", IN(LICENCE)},
	{"LicenseComment", read_member, "comment", IN(LICENCE)},
	UNKEPT_ANYWHERE("ExternalDocumentRef", "externalDocumentRefs"),
	UNKEPT_ANYWHERE("Annotator", "annotations"),
	UNKEPT_ANYWHERE("Reviewer", "revieweds"),
	{"LicenseCrossReference", read_cross_reference, NULL, IN(LICENCE)},
	{"PackageAttributionText", read_attribution, NULL, IN(PACKAGE)},
	{"FileAttributionText", read_attribution, NULL, IN(FILE_)},
	{"Created", read_created, NULL, 0},
	{"Creator", read_creator, NULL, 0},
	{"LicenseListVersion", read_list_version, NULL, 0},
	{"CreatorComment", read_creator_comment, NULL, 0},
	{"PackageChecksum", read_checksum, NULL, IN(PACKAGE)},
	{"FileChecksum", read_checksum, NULL, IN(FILE_)},
	{"ExternalRef", read_external, NULL, IN(PACKAGE)},
	{"ExternalRefComment", read_external_comment, NULL, 0},
	{"Relationship", read_relationship, NULL, 0},
	{"RelationshipComment", read_relationship_comment, NULL, 0},
	/* With the first tag of their group. */
	KNOWN("ArtifactOfProjectHomePage"),
	KNOWN("ArtifactOfProjectURI"),
	KNOWN("AnnotationDate"),
	KNOWN("AnnotationType"),
	KNOWN("AnnotationComment"),
	KNOWN("SPDXREF"),
	KNOWN("ReviewDate"),
	KNOWN("ReviewComment"),
	KNOWN("SnippetFromFileSPDXID"),
	KNOWN("SnippetByteRange"),
	KNOWN("SnippetLineRange"),
	KNOWN("SnippetLicenseConcluded"),
	KNOWN("SnippetLicenseComments"),
	KNOWN("SnippetCopyrightText"),
	KNOWN("SnippetComment"),
	KNOWN("SnippetName"),
	KNOWN("SnippetAttributionText"),
	KNOWN("LicenseInfoInSnippet"),
};

static size_t row_named(struct tu_str name)
{
	size_t row = 0;

	while (row < TU_COUNT(tags) && !tu_str_eq(tu_str_c(tags[row].name), name))
		row++;
	return row;
}

static enum tu_status read_tag(struct reading *t, struct tu_str name, struct tu_str value)
{
	size_t row = row_named(name);

	if (row == TU_COUNT(tags))
		return note(t, "not understood: tag", name);
	if (!tags[row].read)
		return TU_OK;
	if (tags[row].sections && !(tags[row].sections & IN(t->section)))
		return note(t,
			"left out: a tag in a part of the document where it cannot stand:", name);
	t->row = row;
	return tags[row].read(t, &tags[row], value);
}

/* A value of one word, and then another tag: the line breaks of the document are gone. */
static enum tu_status check_single(struct reading *t, struct tu_str name, struct tu_str value)
{
	static const struct tu_str single[] = {TU_STR_INIT("SPDXVersion"),
		TU_STR_INIT("DataLicense"), TU_STR_INIT("SPDXID"), TU_STR_INIT("DocumentNamespace"),
		TU_STR_INIT("Created"), TU_STR_INIT("FilesAnalyzed")};
	struct tu_str word;
	size_t i = 0;

	while (i < TU_COUNT(single) && !tu_str_eq(single[i], name))
		i++;
	if (i == TU_COUNT(single))
		return TU_OK;
	(void)take_word(&value);
	while ((word = take_word(&value)).len) {
		struct tu_str tag = tu_str_first(word, tu_str_find(word, ':'));

		if (tag.len < word.len && row_named(tag) < TU_COUNT(tags))
			return tu_fail_at(t->r->err, TU_E_SYNTAX,
				&(struct tu_error_place)PLACE(word),
				"\"%.*s\" on the line of %.*s: each tag is on a line of its own",
				TU_STR_FMT(tag), TU_STR_FMT(name));
	}
	return TU_OK;
}

static enum tu_status check(struct reading *t)
{
	const struct tu_buf *const bufs[] = {&t->packages.buf, &t->files.buf, &t->snippets.buf,
		&t->relationships.buf, &t->creators.buf, &t->externals.buf, &t->checksums.buf,
		&t->licences.buf, &t->lists[ATTRIBUTIONS].buf, &t->lists[CROSS_REFERENCES].buf,
		&t->r->json};
	enum tu_status status = TU_OK;

	for (size_t i = 0; !status && i < TU_COUNT(bufs); i++)
		status = tu_sbom__rewrite_check(t->r, bufs[i]);
	return status;
}

static enum tu_status read_tags(struct reading *t)
{
	struct tu_str name;
	struct tu_str value;
	enum tu_status status = tu_spdx_next_tag(t->r, &t->lines, &name, &value);

	while (!status && name.len) {
		status = check_single(t, name, value);
		if (!status)
			status = read_tag(t, name, value);
		if (!status)
			status = check(t);
		if (!status)
			status = tu_spdx_next_tag(t->r, &t->lines, &name, &value);
	}
	return status;
}

static enum tu_status finish(struct reading *t)
{
	struct tu_sbom_rewrite *r = t->r;

	end_section(t);
	end_relationship(t, TU_STR(""));
	tu_json_key(&r->to, "creationInfo");
	tu_json_open_object(&r->to);
	tu_json_member_opt(&r->to, "created", t->created);
	tu_json_member_opt(&r->to, "licenseListVersion", t->list_version);
	tu_json_member_opt(&r->to, "comment", t->creator_comment);
	if (tu_sbom__part_member(r, "creators", &t->creators))
		return r->err ? r->err->status : TU_E_NOMEM;
	tu_json_close_object(&r->to);
	if (tu_sbom__part_member(r, "packages", &t->packages) ||
		tu_sbom__part_member(r, "files", &t->files) ||
		tu_sbom__part_member(r, "snippets", &t->snippets) ||
		tu_sbom__part_member(r, "hasExtractedLicensingInfos", &t->licences) ||
		tu_sbom__part_member(r, "relationships", &t->relationships))
		return r->err ? r->err->status : TU_E_NOMEM;
	tu_json_close_object(&r->to);
	return tu_sbom__rewrite_check(r, &r->json);
}

enum tu_status tu_sbom__rewrite_spdx_tag_value(struct tu_sbom_rewrite *r, struct tu_str text)
{
	struct reading t = {.r = r,
		.lines = {.rest = text},
		.created = {"", 0},
		.list_version = {"", 0},
		.creator_comment = {"", 0}};
	struct tu_sbom_part *const parts[] = {&t.packages, &t.files, &t.snippets, &t.relationships,
		&t.creators, &t.licences, &t.externals, &t.checksums, &t.lists[ATTRIBUTIONS],
		&t.lists[CROSS_REFERENCES]};
	enum tu_status status;

	r->format = TU_SBOM_SPDX_TAG_VALUE;
	for (size_t i = 0; i < TU_COUNT(parts); i++)
		tu_sbom__part_init(r, parts[i]);
	tu_json_open_object(&r->to);
	status = read_tags(&t);
	if (!status)
		status = finish(&t);
	for (size_t i = 0; i < TU_COUNT(parts); i++)
		tu_buf_done(&parts[i]->buf);
	return status;
}
