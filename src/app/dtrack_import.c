/* What both sources have alike, and files. */
#include "app/dtrack_import.h"

#include <tutela/sbom.h>
#include <tutela/vex.h>

#include "base/time.h"

enum { NAME_MAX_BYTES = 200, FILE_MAX_DEPTH = 64 };
#define FILE_MAX_BYTES ((size_t)256 << 20)

const char *tu_dtrack_kind_name(enum tu_dtrack_kind kind)
{
	static const char *const names[TU_DTRACK_LOST_KINDS] = {[TU_DTRACK_LOST_FILE] = "files",
		[TU_DTRACK_LOST_PROJECT] = "projects",
		[TU_DTRACK_LOST_BOM] = "BOMs",
		[TU_DTRACK_LOST_DECISION] = "decisions",
		[TU_DTRACK_LOST_TAG] = "tags",
		[TU_DTRACK_LOST_PARENT] = "parents"};

	return names[kind];
}

/* ---- parts ---- */

struct tu_str tu_dtrack__keep(struct tu_dtrack_import *x, struct tu_str text)
{
	struct tu_str copy = {0};

	(void)!tu_arena_dup(x->arena, text, &copy);
	return copy;
}

enum tu_status tu_dtrack__lose(struct tu_dtrack_import *x, enum tu_dtrack_kind kind,
	struct tu_str name, const char *why, struct tu_error *err)
{
	const struct tu_dtrack_lost lost = {kind,
		tu_dtrack__keep(x, tu_str_first(name, name.len < 400 ? name.len : 400)),
		tu_dtrack__keep(x, tu_str_c(why))};

	return TU_VEC_PUSH_IN(x->arena, &x->lost, lost) ? TU_OK : tu_no_memory(err);
}

static bool is_plain(struct tu_str text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.ptr[i] < 0x20 || text.ptr[i] == 0x7f)
			return false;
	return text.len > 0 && text.len <= NAME_MAX_BYTES;
}

/* The next character, letters in lower case; spaces and hyphens between them are one '-', as in the
 * id of a device. NUL at the end. */
static char next_of(struct tu_str *rest)
{
	bool between = false;

	while (rest->len) {
		char c = rest->ptr[0];

		c = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
		if (c != ' ' && c != '-') {
			if (between)
				return '-';
			*rest = tu_str_from(*rest, 1);
			return c;
		}
		between = true;
		*rest = tu_str_from(*rest, 1);
	}
	return '\0';
}

/* "Larkspur IP-200" and "larkspur-ip-200": names that become the same device. */
bool tu_dtrack__same_name(struct tu_str a, struct tu_str b)
{
	char x, y;

	do {
		x = next_of(&a);
		y = next_of(&b);
	} while (x == y && x);
	return x == y;
}

enum tu_status tu_dtrack__project_of(struct tu_dtrack_import *x, struct tu_str name,
	struct tu_str version, struct tu_dtrack_imported **out, struct tu_error *err)
{
	const struct tu_dtrack_imported made = {.name = tu_dtrack__keep(x, tu_str_trim(name)),
		.version = tu_dtrack__keep(x, tu_str_trim(version))};

	*out = NULL;
	if (!is_plain(made.name) || !is_plain(made.version))
		return tu_dtrack__lose(x, TU_DTRACK_LOST_PROJECT,
			name.len ? name : TU_STR("(no name)"),
			version.len ? "name and version have 1 to 200 bytes, without control "
				      "characters"
				    : "it has no version: a release needs one",
			err);
	for (size_t i = 0; i < x->projects.count; i++)
		if (tu_dtrack__same_name(x->projects.at[i].name, made.name) &&
			tu_str_eq(x->projects.at[i].version, made.version))
			*out = &x->projects.at[i];
	if (*out)
		return TU_OK;
	if (!TU_VEC_PUSH_IN(x->arena, &x->projects, made))
		return tu_no_memory(err);
	*out = &x->projects.at[x->projects.count - 1];
	return TU_OK;
}

int64_t tu_dtrack__time(struct tu_json value)
{
	int64_t seconds = 0;
	uint64_t ms;

	if (tu_json_u64(value, INT64_MAX, &ms))
		return (int64_t)(ms / 1000);
	return tu_time_parse(tu_json_str(value), &seconds) ? seconds : 0;
}

enum tu_status tu_dtrack__finding_of(struct tu_dtrack_import *x, struct tu_json finding,
	struct tu_dtrack_decided *out, bool *out_decided, struct tu_error *err)
{
	struct tu_json component = tu_json_get(finding, TU_STR("component"));
	struct tu_json vulnerability = tu_json_get(finding, TU_STR("vulnerability"));
	struct tu_json analysis = tu_json_get(finding, TU_STR("analysis"));
	struct tu_json kev = tu_json_get(vulnerability, TU_STR("isKev"));
	struct tu_str state = TU_JSON_STR(analysis, "state");

	x->findings++;
	*out = (struct tu_dtrack_decided){
		.vulnerability = tu_dtrack__keep(x, TU_JSON_STR(vulnerability, "vulnId")),
		.source = tu_dtrack__keep(x, TU_JSON_STR(vulnerability, "source")),
		.component = tu_dtrack__keep(x, TU_JSON_STR(component, "name")),
		.version = tu_dtrack__keep(x, TU_JSON_STR(component, "version")),
		.purl = tu_dtrack__keep(x, TU_JSON_STR(component, "purl")),
		.found = tu_dtrack__time(tu_json_get(
			tu_json_get(finding, TU_STR("attribution")), TU_STR("attributedOn"))),
		.kev_stated = kev.doc && tu_json_type(kev) == TU_JSON_BOOL,
		.kev = tu_json_true(kev)};
	out->triage.state = tu_dtrack__keep(x, state);
	out->triage.details = tu_dtrack__keep(x, TU_JSON_STR(analysis, "detail"));
	out->triage.suppressed = tu_json_true(tu_json_get(analysis, TU_STR("isSuppressed")));
	*out_decided = (state.len && !tu_str_eq(state, TU_STR("NOT_SET"))) ||
		out->triage.suppressed || out->triage.details.len;
	if (out->vulnerability.len && out->component.len)
		return TU_OK;
	*out_decided = false;
	return tu_dtrack__lose(x, TU_DTRACK_LOST_DECISION,
		out->vulnerability.len ? out->vulnerability : out->component,
		"the finding has no name of its vulnerability or component", err);
}

/* ---- FPF ---- */

static bool is_fpf(struct tu_json root)
{
	return tu_json_is_array(tu_json_get(root, TU_STR("findings"))) &&
		tu_json_is_object(tu_json_get(root, TU_STR("project"))) &&
		tu_json_is_object(tu_json_get(root, TU_STR("meta")));
}

static enum tu_status read_fpf(
	struct tu_dtrack_import *x, struct tu_str name, struct tu_json root, struct tu_error *err)
{
	struct tu_json_iter iter = tu_json_iter(tu_json_get(root, TU_STR("findings")));
	struct tu_json project = tu_json_get(root, TU_STR("project")), item;
	const int64_t at = tu_dtrack__time(
		tu_json_get(tu_json_get(root, TU_STR("meta")), TU_STR("timestamp")));
	struct tu_dtrack_imported *into;
	enum tu_status status;

	if (!tu_str_starts(TU_JSON_STR(root, "version"), TU_STR("1.")))
		return tu_dtrack__lose(x, TU_DTRACK_LOST_FILE, name,
			"FPF of another version than 1.x: nothing of it was read", err);
	status = tu_dtrack__project_of(
		x, TU_JSON_STR(project, "name"), TU_JSON_STR(project, "version"), &into, err);
	while (status == TU_OK && into && tu_json_next_item(&iter, &item)) {
		struct tu_dtrack_decided decided;
		bool is = false;

		status = tu_dtrack__finding_of(x, item, &decided, &is, err);
		decided.at = at;
		decided.triage.origin = TU_STR("a file of findings (FPF) of Dependency-Track");
		if (status == TU_OK && is && !TU_VEC_PUSH_IN(x->arena, &into->decided, decided))
			status = tu_no_memory(err);
	}
	return status;
}

/* ---- SBOMs and VEX ---- */

static struct tu_str product_of(const struct tu_inventory *inventory, struct tu_str *out_version)
{
	*out_version = (struct tu_str){0};
	if (inventory->subject >= inventory->component_count)
		return inventory->name;
	*out_version = inventory->components[inventory->subject].version;
	return inventory->components[inventory->subject].name;
}

struct document {
	struct tu_str name, text;
	bool is_vex;
};

static enum tu_status keep_document(struct tu_dtrack_import *x, struct tu_dtrack_imported *into,
	const struct document *document, struct tu_error *err)
{
	const struct tu_str name = document->name, text = document->text;

	if (document->is_vex) {
		if (into->vex_count == sizeof(into->vex) / sizeof(into->vex[0]))
			return tu_dtrack__lose(x, TU_DTRACK_LOST_FILE, name,
				"more than eight VEX documents of one project", err);
		into->vex[into->vex_count].bytes = tu_dtrack__keep(x, text);
		into->vex[into->vex_count++].name = tu_dtrack__keep(x, name);
		return TU_OK;
	}
	if (into->bom.len)
		return tu_dtrack__lose(x, TU_DTRACK_LOST_FILE, name,
			"a second BOM of the same project and version: the first counts", err);
	into->bom = tu_dtrack__keep(x, text);
	into->bom_name = tu_dtrack__keep(x, name);
	return TU_OK;
}

/* Statements are put beside the SBOM, where they are read and shown as claims of others. */
static enum tu_status read_document(
	struct tu_dtrack_import *x, struct tu_str name, struct tu_str text, struct tu_error *err)
{
	const struct tu_inventory *inventory;
	struct tu_error why = {0};
	struct tu_dtrack_imported *into;
	struct tu_str product, version;
	enum tu_status status = tu_sbom_read(x->arena, text, false, NULL, &inventory, &why);
	struct document document = {name, text, false};

	if (status == TU_E_NOMEM)
		return tu_no_memory(err);
	if (status != TU_OK)
		return tu_dtrack__lose(x, TU_DTRACK_LOST_FILE, name, why.message, err);
	document.is_vex = inventory->claim_count > 0 && inventory->component_count <= 1;
	product = product_of(inventory, &version);
	status = tu_dtrack__project_of(x, product, version, &into, err);
	if (status != TU_OK)
		return status;
	if (!into)
		return tu_dtrack__lose(x, TU_DTRACK_LOST_FILE, name,
			"it names no product with a version (metadata.component)", err);
	return keep_document(x, into, &document, err);
}

enum tu_status tu_dtrack_import_file(
	struct tu_dtrack_import *x, struct tu_str name, struct tu_str text, struct tu_error *err)
{
	const struct tu_json_limits limits = {.bytes = FILE_MAX_BYTES, .depth = FILE_MAX_DEPTH};
	struct tu_json_parser *parser = tu_json_parser_new();
	struct tu_json root;
	enum tu_status status;

	if (!parser)
		return tu_no_memory(err);
	if (tu_json_parse(parser, text, &limits, &root, NULL) == TU_OK && is_fpf(root))
		status = read_fpf(x, name, root, err);
	else
		status = read_document(x, name, text, err);
	tu_json_parser_free(parser);
	return status;
}
