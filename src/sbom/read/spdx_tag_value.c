/*
 * SPDX 2.0 to 2.3 tag-value, written as SPDX JSON (see rewrite.h).
 *
 * Tags: the specification, https://spdx.github.io/spdx-spec/v2.3/, clauses 6 to 12. Packages, files
 * and relationships come in any order, so each has a part of its own.
 */
#include "sbom/read/spdx.h"

#include "base/alloc.h"

enum section { DOCUMENT, PACKAGE, FILE_, SNIPPET, LICENCE };

struct reading {
	struct tu_sbom_rewrite *r;
	size_t line; /* of the tag being read */
	struct tu_str rest;
	size_t rest_line;
	size_t row; /* in the table, of the tag being read */
	enum section section;
	uint64_t seen; /* members of the open object, by their row */
	struct tu_sbom_part packages;
	struct tu_sbom_part files;
	struct tu_sbom_part snippets;
	struct tu_sbom_part relationships;
	struct tu_sbom_part creators;
	/* Of the open package or file. */
	struct tu_sbom_part externals;
	struct tu_sbom_part checksums;
	struct tu_str created;
};

static enum tu_status note(struct reading *t, const char *what, struct tu_str detail)
{
	return tu_sbom__rewrite_note(t->r, t->line, TU_STR(""), what, detail);
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

static void end_section(struct reading *t)
{
	struct tu_json_writer *to = writer_of(t);

	if (!to || t->section == DOCUMENT)
		return;
	end_list(to, "externalRefs", &t->externals);
	end_list(to, "checksums", &t->checksums);
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
		return tu_fail_at(t->r->err, TU_E_UNSUPPORTED,
			&(struct tu_error_place){.line = t->line},
			"SPDX tag-value, version \"%.*s\"; SPDX-2.0 to SPDX-2.3 are read",
			TU_STR_FMT(tu_str_first(value, 32)));
	return read_member(t, tag, json);
}

static enum tu_status read_created(struct reading *t, const struct tag *tag, struct tu_str value)
{
	(void)tag;
	t->created = value;
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
	(void)tag;
	(void)value;
	begin_section(t, LICENCE);
	return TU_OK;
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
	struct tu_json_writer *to = &t->externals.to;
	struct tu_str type;

	(void)tag;
	(void)take_word(&value);
	type = take_word(&value);
	if (value.len == 0)
		return note(t, "left out: an external reference that is not of three words",
			TU_STR(""));
	tu_json_open_object(to);
	tu_json_member_str(to, "referenceType", type);
	tu_json_member_str(to, "referenceLocator", value);
	tu_json_close_object(to);
	return TU_OK;
}

/* "SPDXRef-DOCUMENT DESCRIBES SPDXRef-Package" */
static enum tu_status read_relationship(
	struct reading *t, const struct tag *tag, struct tu_str value)
{
	struct tu_json_writer *to = &t->relationships.to;
	struct tu_str from = take_word(&value);
	struct tu_str type = take_word(&value);
	struct tu_str target = take_word(&value);

	(void)tag;
	if (target.len == 0)
		return note(t, "left out: a relationship that is not of three words", TU_STR(""));
	tu_json_open_object(to);
	tu_json_member_str(to, "spdxElementId", from);
	tu_json_member_str(to, "relationshipType", type);
	tu_json_member_str(to, "relatedSpdxElement", target);
	tu_json_close_object(to);
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

/* At most 64 rows may write members: their bits are in one word. They come first. */
static const struct tag tags[] = {
	{"SPDXVersion", read_version, "spdxVersion", IN(DOCUMENT)},
	{"DocumentName", read_member, "name", IN(DOCUMENT)},
	{"DocumentNamespace", read_member, "documentNamespace", IN(DOCUMENT)},
	{"SPDXID", read_member, "SPDXID", IN(DOCUMENT) | IN(PACKAGE) | IN(FILE_)},
	{"PackageName", begin_package, "name", 0},
	IN_PACKAGE("PackageVersion", "versionInfo"),
	IN_PACKAGE("PackageSupplier", "supplier"),
	IN_PACKAGE("PackageOriginator", "originator"),
	IN_PACKAGE("PackageLicenseConcluded", "licenseConcluded"),
	IN_PACKAGE("PackageLicenseDeclared", "licenseDeclared"),
	IN_PACKAGE("PackageSourceInfo", "sourceInfo"),
	IN_PACKAGE("PrimaryPackagePurpose", "primaryPackagePurpose"),
	{"FileName", begin_file, "fileName", 0},
	{"LicenseConcluded", read_member, "licenseConcluded", IN(FILE_)},
	{"SnippetSPDXID", begin_snippet, "SPDXID", 0},
	{"LicenseID", begin_licence, NULL, 0},
	{"Created", read_created, NULL, 0},
	{"Creator", read_creator, NULL, 0},
	{"PackageChecksum", read_checksum, NULL, IN(PACKAGE)},
	{"FileChecksum", read_checksum, NULL, IN(FILE_)},
	{"ExternalRef", read_external, NULL, IN(PACKAGE)},
	{"Relationship", read_relationship, NULL, 0},
	KNOWN("DataLicense"),
	KNOWN("LicenseListVersion"),
	KNOWN("CreatorComment"),
	KNOWN("DocumentComment"),
	KNOWN("ExternalDocumentRef"),
	KNOWN("PackageFileName"),
	KNOWN("PackageDownloadLocation"),
	KNOWN("FilesAnalyzed"),
	KNOWN("PackageVerificationCode"),
	KNOWN("PackageHomePage"),
	KNOWN("PackageLicenseInfoFromFiles"),
	KNOWN("PackageLicenseComments"),
	KNOWN("PackageCopyrightText"),
	KNOWN("PackageSummary"),
	KNOWN("PackageDescription"),
	KNOWN("PackageComment"),
	KNOWN("PackageAttributionText"),
	KNOWN("ExternalRefComment"),
	KNOWN("ReleaseDate"),
	KNOWN("BuiltDate"),
	KNOWN("ValidUntilDate"),
	KNOWN("FileType"),
	KNOWN("FileCopyrightText"),
	KNOWN("FileComment"),
	KNOWN("FileNotice"),
	KNOWN("FileContributor"),
	KNOWN("FileAttributionText"),
	KNOWN("FileDependency"),
	KNOWN("ArtifactOfProjectName"),
	KNOWN("ArtifactOfProjectHomePage"),
	KNOWN("ArtifactOfProjectURI"),
	KNOWN("LicenseInfoInFile"),
	KNOWN("LicenseComments"),
	KNOWN("LicenseName"),
	KNOWN("LicenseComment"),
	KNOWN("LicenseCrossReference"),
	KNOWN("ExtractedText"),
	KNOWN("RelationshipComment"),
	KNOWN("Annotator"),
	KNOWN("AnnotationDate"),
	KNOWN("AnnotationType"),
	KNOWN("AnnotationComment"),
	KNOWN("SPDXREF"),
	KNOWN("Reviewer"),
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

/* ---- lines ---- */

static bool next_line(struct reading *t, struct tu_str *out_line)
{
	if (!tu_str_split(&t->rest, '\n', out_line))
		return false;
	t->line = ++t->rest_line;
	return true;
}

/* A value that begins with "<text>" goes on to "</text>", over lines. */
static enum tu_status take_text(struct reading *t, struct tu_str *value)
{
	static const struct tu_str end = TU_STR_INIT("</text>");
	struct tu_str text = *value;
	size_t len;

	if (!tu_str_skip(&text, TU_STR("<text>")))
		return TU_OK;
	text.len += (size_t)(t->rest.ptr ? t->rest.ptr + t->rest.len - (text.ptr + text.len) : 0);
	len = tu_str_search(text, end);
	if (len == text.len)
		return tu_fail_at(t->r->err, TU_E_SYNTAX, &(struct tu_error_place){.line = t->line},
			"a text that begins with <text> has no </text>");
	*value = tu_str_trim(tu_str_first(text, len));
	for (size_t i = 0; i < len; i++)
		t->rest_line += text.ptr[i] == '\n';
	text = tu_str_from(text, len);
	if (t->rest.ptr && text.ptr + end.len > t->rest.ptr)
		t->rest = tu_str_from(text, end.len);
	/* What comes after the end of the text on its line is nothing. */
	if (t->rest.ptr && text.ptr + end.len >= t->rest.ptr)
		t->rest = tu_str_from(t->rest, tu_str_find(t->rest, '\n') + 1);
	return TU_OK;
}

static bool is_tag_name(struct tu_str name)
{
	for (size_t i = 0; i < name.len; i++) {
		if (!tu_char_is_alpha(name.ptr[i]))
			return false;
	}
	return name.len > 0;
}

static enum tu_status read_line(struct reading *t, struct tu_str line)
{
	size_t colon = tu_str_find(line, ':');
	struct tu_str name = tu_str_trim(tu_str_first(line, colon));
	struct tu_str value = tu_str_trim(tu_str_from(line, colon + 1));
	enum tu_status status;
	size_t first = t->line;

	line = tu_str_trim(line);
	if (line.len == 0 || line.ptr[0] == '#')
		return TU_OK;
	if (colon >= line.len + (size_t)(line.ptr - name.ptr) || !is_tag_name(name))
		return note(t, "not understood: a line that is not a tag", TU_STR(""));
	status = take_text(t, &value);
	t->line = first;
	return status ? status : read_tag(t, name, value);
}

static enum tu_status check(struct reading *t)
{
	const struct tu_buf *const bufs[] = {&t->packages.buf, &t->files.buf, &t->snippets.buf,
		&t->relationships.buf, &t->creators.buf, &t->externals.buf, &t->checksums.buf,
		&t->r->json};
	enum tu_status status = TU_OK;

	for (size_t i = 0; !status && i < TU_COUNT(bufs); i++)
		status = tu_sbom__rewrite_check(t->r, bufs[i]);
	return status;
}

static enum tu_status read_lines(struct reading *t)
{
	enum tu_status status = TU_OK;
	struct tu_str line;

	while (!status && next_line(t, &line)) {
		status = read_line(t, line);
		if (!status)
			status = check(t);
	}
	return status;
}

static enum tu_status finish(struct reading *t)
{
	struct tu_sbom_rewrite *r = t->r;

	end_section(t);
	tu_json_key(&r->to, "creationInfo");
	tu_json_open_object(&r->to);
	tu_json_member_opt(&r->to, "created", t->created);
	if (tu_sbom__part_member(r, "creators", &t->creators))
		return r->err ? r->err->status : TU_E_NOMEM;
	tu_json_close_object(&r->to);
	if (tu_sbom__part_member(r, "packages", &t->packages) ||
		tu_sbom__part_member(r, "files", &t->files) ||
		tu_sbom__part_member(r, "snippets", &t->snippets) ||
		tu_sbom__part_member(r, "relationships", &t->relationships))
		return r->err ? r->err->status : TU_E_NOMEM;
	tu_json_close_object(&r->to);
	return tu_sbom__rewrite_check(r, &r->json);
}

enum tu_status tu_sbom__rewrite_spdx_tag_value(struct tu_sbom_rewrite *r, struct tu_str text)
{
	struct reading t = {.r = r, .rest = text, .created = {"", 0}};
	struct tu_sbom_part *const parts[] = {&t.packages, &t.files, &t.snippets, &t.relationships,
		&t.creators, &t.externals, &t.checksums};
	enum tu_status status;

	r->format = TU_SBOM_SPDX_TAG_VALUE;
	for (size_t i = 0; i < TU_COUNT(parts); i++)
		tu_sbom__part_init(r, parts[i]);
	tu_json_open_object(&r->to);
	status = read_lines(&t);
	if (!status)
		status = finish(&t);
	for (size_t i = 0; i < TU_COUNT(parts); i++)
		tu_buf_done(&parts[i]->buf);
	return status;
}
