/* Projects as device folders. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tutela/decision.h>
#include <tutela/score.h>

#include "app/dtrack_import.h"
#include "app/findings.h"
#include "base/file.h"
#include "base/json_writer.h"
#include "base/sha256.h"

enum { PATH_BYTES = 4096, MARK = 12, TEXT_MAX_BYTES = 1 << 20 };

struct writing {
	struct tu_dtrack_import *x;
	const char *folder; /* of all */
	struct tu_str device; /* its folder's name */
};

static enum tu_status write_file(
	const struct writing *w, const char *name, struct tu_str text, struct tu_error *err)
{
	char path[PATH_BYTES];
	int len =
		snprintf(path, sizeof(path), "%s/%.*s/%s", w->folder, TU_STR_FMT(w->device), name);
	enum tu_status status;

	if (len < 0 || len >= PATH_BYTES)
		return tu_fail(err, TU_E_LIMIT, 0, "%s: the name is too long", w->folder);
	status = tu_file_make_folders(path, err);
	return status ? status : tu_file_write(path, text, err);
}

/* Letters and digits of a text, in lower case, and a digest: a name of a file. */
static void write_name(struct tu_buf *out, struct tu_str text, struct tu_str digest_of)
{
	size_t start = out->len;

	for (size_t i = 0; i < text.len && out->len < start + 60; i++) {
		char c = text.ptr[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			tu_buf_byte(out, c);
		else if (out->len > start && out->ptr[out->len - 1] != '-')
			tu_buf_byte(out, '-');
	}
	tu_buf_c(out, out->len > start && out->ptr[out->len - 1] != '-' ? "-" : "");
	tu_sha256_mark(digest_of, MARK, out);
}

/* ---- decisions ---- */

static void fill(const struct tu_dtrack_imported *project, const struct tu_dtrack_decided *from,
	const struct tu_triage_as *as, struct tu_decision *out)
{
	const bool affected = as->status == TU_CLAIM_AFFECTED;

	*out = (struct tu_decision){.vulnerability = from->vulnerability,
		.component = {.name = from->component,
			.version = from->version,
			.purl = from->purl},
		.status = as->status,
		.justification = as->justification,
		.impact = as->impact,
		.rationale = as->rationale,
		.action = {.remedy = as->remedy, .text = as->action},
		.risk = affected ? TU_RISK_UNCONTROLLED : TU_RISK_UNDECIDED,
		.validity = {.releases = {&project->version, 1}},
		.learned_at = from->found ? from->found : from->at,
		.premises = {.component = from->component,
			.version = from->version,
			.source = from->source,
			.kev_stated = from->kev_stated,
			.kev = from->kev,
			.score_tenths = TU_SCORE_UNSTATED,
			.epss = UINT32_MAX}};
	if (as->status != TU_CLAIM_UNDER_INVESTIGATION) {
		out->decided_at = from->at;
		out->decided_by = from->by.len ? from->by : TU_STR("Dependency-Track");
	}
}

static enum tu_status write_decision(struct writing *w, const struct tu_dtrack_imported *project,
	const struct tu_dtrack_decided *from, const struct tu_triage_as *as, struct tu_error *err)
{
	struct tu_decision decision;
	struct tu_buf text, name, what;
	enum tu_status status = TU_OK;

	fill(project, from, as, &decision);
	tu_buf_init(&text, TEXT_MAX_BYTES);
	tu_buf_init(&name, 400);
	tu_buf_init(&what, TEXT_MAX_BYTES);
	tu_buf_printf(&what, "%.*s %.*s: %.*s in %.*s %.*s %.*s", TU_STR_FMT(project->name),
		TU_STR_FMT(project->version), TU_STR_FMT(from->vulnerability),
		TU_STR_FMT(from->component), TU_STR_FMT(from->version), TU_STR_FMT(from->purl));
	tu_buf_c(&name, "decisions/dtrack-");
	write_name(&name, from->vulnerability, tu_buf_str(&what));
	tu_buf_c(&name, ".yaml");
	tu_buf_byte(&name, '\0');
	tu_decision_write(&decision, &text);
	if (text.failed || name.failed || what.failed)
		status = tu_fail(err, TU_E_LIMIT, 0, "%.*s: the decision is too large",
			TU_STR_FMT(from->vulnerability));
	if (status == TU_OK)
		status = write_file(w, name.ptr, tu_buf_str(&text), err);
	w->x->decisions += status == TU_OK;
	tu_buf_done(&text);
	tu_buf_done(&name);
	tu_buf_done(&what);
	return status;
}

static enum tu_status lose_decision(struct writing *w, const struct tu_dtrack_imported *project,
	const struct tu_dtrack_decided *from, const char *why, struct tu_error *err)
{
	struct tu_buf name;
	enum tu_status status;

	tu_buf_init(&name, 2000);
	tu_buf_printf(&name, "%.*s in %.*s %.*s of %.*s %.*s", TU_STR_FMT(from->vulnerability),
		TU_STR_FMT(from->component), TU_STR_FMT(from->version), TU_STR_FMT(project->name),
		TU_STR_FMT(project->version));
	status = tu_dtrack__lose(w->x, TU_DTRACK_LOST_DECISION, tu_buf_str(&name), why, err);
	tu_buf_done(&name);
	return status;
}

/* A selector takes "*" for any run of characters: what was decided on one component would be
 * decided on others. */
static bool means_others(const struct tu_dtrack_decided *from)
{
	const struct tu_str texts[] = {from->component, from->version, from->purl};

	for (size_t i = 0; i < TU_COUNT(texts); i++)
		if (tu_str_find(texts[i], '*') < texts[i].len)
			return true;
	return false;
}

static enum tu_status write_decided(struct writing *w, const struct tu_dtrack_imported *project,
	const struct tu_dtrack_decided *from, struct tu_error *err)
{
	struct tu_triage_as as;
	struct tu_error why = {0};
	enum tu_status status = tu_triage_read(w->x->arena, &from->triage, &as, &why);

	if (status == TU_E_NOMEM)
		return tu_no_memory(err);
	if (status != TU_OK)
		return lose_decision(w, project, from, why.message, err);
	if (!as.decides)
		return lose_decision(w, project, from,
			from->triage.suppressed ? "it is suppressed without a state: that is no "
						  "reason"
						: "words without a state decide nothing",
			err);
	if (means_others(from))
		return lose_decision(w, project, from,
			"its component has a \"*\" in its name, version or purl, which would mean "
			"others, too",
			err);
	if (!from->at)
		return lose_decision(w, project, from, "it is not stated when", err);
	return write_decision(w, project, from, &as, err);
}

/* ---- a device ---- */

static enum tu_status write_release(struct writing *w, struct tu_json_writer *json,
	const struct tu_dtrack_imported *project, struct tu_error *err)
{
	char name[200], version[2 * MARK + 80] = "";
	struct tu_buf stem;
	enum tu_status status = TU_OK;

	tu_buf_init(&stem, sizeof(version) - 1);
	write_name(&stem, project->version, project->version);
	(void)snprintf(version, sizeof(version), "%.*s", TU_STR_FMT(tu_buf_str(&stem)));
	tu_buf_done(&stem);
	tu_json_open_object(json);
	tu_json_member_str(json, "version", project->version);
	if (project->bom.len) {
		(void)snprintf(name, sizeof(name), "%s.sbom", version);
		status = write_file(w, name, project->bom, err);
		tu_json_member_str(json, "sbom", tu_str_c(name));
		w->x->boms++;
	}
	if (project->vex_count) {
		tu_json_key(json, "side_files");
		tu_json_open_array(json);
	}
	for (size_t i = 0; i < project->vex_count && status == TU_OK; i++) {
		(void)snprintf(name, sizeof(name), "vex/%s-%zu.json", version, i + 1);
		status = write_file(w, name, project->vex[i].bytes, err);
		tu_json_add_str(json, tu_str_c(name));
		w->x->statements++;
	}
	if (project->vex_count)
		tu_json_close_array(json);
	tu_json_close_object(json);
	for (size_t i = 0; i < project->decided.count && status == TU_OK; i++)
		status = write_decided(w, project, &project->decided.at[i], err);
	w->x->releases++;
	return status;
}

static int compare_versions(const void *a, const void *b)
{
	const struct tu_dtrack_imported *const *x = a, *const *y = b;

	return tu_report_compare_ids((*x)->version, (*y)->version);
}

/* Releases by version: Dependency-Track does not say which came first. */
static enum tu_status write_device(
	struct writing *w, struct tu_dtrack_imported **projects, size_t count, struct tu_error *err)
{
	struct tu_buf text, name;
	struct tu_json_writer json;
	struct tu_str family = projects[0]->name, kept;
	enum tu_status status = TU_OK;

	tu_buf_init(&name, 200);
	write_name(&name, family, family);
	kept = tu_dtrack__keep(w->x, tu_buf_str(&name));
	tu_buf_done(&name);
	w->device = kept;
	tu_buf_init(&text, TEXT_MAX_BYTES);
	json = tu_json_writer(&text, true);
	qsort(projects, count, sizeof(*projects), compare_versions);
	tu_json_open_object(&json);
	tu_json_member_str(&json, "family", family);
	tu_json_key(&json, "manufacturer");
	tu_json_open_object(&json);
	tu_json_member_str(&json, "name", TU_STR("Not stated (imported from Dependency-Track)"));
	tu_json_close_object(&json);
	tu_json_key(&json, "releases");
	tu_json_open_array(&json);
	for (size_t i = 0; i < count && status == TU_OK; i++)
		status = write_release(w, &json, projects[i], err);
	tu_json_close_array(&json);
	tu_json_close_object(&json);
	tu_buf_c(&text, "\n");
	if (status == TU_OK &&
		(text.failed || !kept.len || !TU_VEC_PUSH_IN(w->x->arena, &w->x->folders, kept)))
		status = tu_no_memory(err);
	if (status == TU_OK)
		status = write_file(w, "device.yaml", tu_buf_str(&text), err);
	w->x->devices += status == TU_OK;
	tu_buf_done(&text);
	return status;
}

static bool is_first(const struct tu_dtrack_import *x, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (tu_dtrack__same_name(x->projects.at[i].name, x->projects.at[at].name))
			return false;
	return true;
}

enum tu_status tu_dtrack_import_write(
	struct tu_dtrack_import *x, const char *folder, struct tu_error *err)
{
	struct writing w = {.x = x, .folder = folder};
	struct tu_dtrack_imported **of =
		tu_arena_array(x->arena, x->projects.count, sizeof(struct tu_dtrack_imported *));
	enum tu_status status = of ? TU_OK : tu_no_memory(err);

	for (size_t i = 0; i < x->projects.count && status == TU_OK; i++) {
		size_t count = 0;

		if (!is_first(x, i))
			continue;
		for (size_t k = i; k < x->projects.count; k++)
			if (tu_dtrack__same_name(x->projects.at[k].name, x->projects.at[i].name))
				of[count++] = &x->projects.at[k];
		status = write_device(&w, of, count, err);
	}
	return status;
}
