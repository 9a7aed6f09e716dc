#include "portfolio/intake.h"

#include <stdio.h>

#include "portfolio/scope.h"

enum { SLUG_MAX = 60, DIGITS = 8, TEXT_MAX = 4 << 20 };

/* ---- device.yaml of an intake device ---- */

static void write_slug(struct tu_buf *out, struct tu_str name)
{
	name = tu_str_first(name, SLUG_MAX);
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];
		bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			(c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';

		tu_buf_str_add(out, is_plain ? tu_str_of(&c, 1) : TU_STR("-"));
	}
}

static void write_text(struct tu_buf *out, const char *before, struct tu_str text)
{
	struct tu_json_writer json = tu_json_writer(out, false);

	tu_buf_c(out, before);
	tu_json_add_str(&json, text); /* what JSON writes in quotes YAML reads so, too */
	tu_buf_c(out, "\n");
}

struct naming {
	struct tu_str id, name;
	const struct tu_release_row *releases;
	size_t release_count;
	struct tu_str more; /* a version that comes; empty: none */
};

static enum tu_status write_yaml(
	struct tu_work *w, const struct naming *n, struct tu_str *out, struct tu_error *err)
{
	struct tu_buf text;
	bool fine;

	tu_buf_init(&text, TEXT_MAX);
	tu_buf_c(&text,
		"# Intake: what a build server has sent, and nobody has described yet. There is no "
		"safety\n"
		"# model, so every harm is taken for the worst. List the release in the "
		"device.yaml of its "
		"family and\n"
		"# move it there.\n"
		"schema: tutela-device/1\n");
	write_text(&text, "family: ", n->name);
	write_text(&text, "id: ", n->id);
	tu_buf_c(&text, "releases:");
	if (!n->more.len && !n->release_count)
		tu_buf_c(&text, " []");
	tu_buf_c(&text, "\n");
	for (size_t i = 0; i < n->release_count; i++)
		write_text(&text, "  - version: ", n->releases[i].version);
	if (n->more.len)
		write_text(&text, "  - version: ", n->more);
	fine = !text.failed && tu_arena_dup(w->arena, tu_buf_str(&text), out);
	tu_buf_done(&text);
	return fine ? TU_OK : tu_no_memory(err);
}

static enum tu_status put_yaml(struct tu_work *w, const struct naming *n,
	const struct tu_device_row *row, struct tu_device_row *out, struct tu_error *err)
{
	struct tu_device_put put = {
		.file = TU_STR("device.yaml"), .based_on = row ? row->version : 0};
	enum tu_status status = write_yaml(w, n, &put.text, err);

	return status ? status : tu_device_put(w, &put, out, NULL, err);
}

/* ---- which intake ---- */

enum tu_status tu_intake_has(
	struct tu_work *w, int64_t device_id, bool *out_has, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status status =
		tu_tx_row(w->tx, TU_SQL_INTAKE_OF_DEVICE, TU_BIND(tu_int(device_id)), &rows, err);

	*out_has = status == TU_OK;
	if (status == TU_E_NOTFOUND)
		return TU_OK;
	return status ? status : tu_rows_close(rows, err);
}

/* The team that is to see what is created. 0: those who see everything. */
static enum tu_status choose_team(
	struct tu_work *w, const struct tu_intake_ask *ask, int64_t *out_team, struct tu_error *err)
{
	int64_t teams[2] = {0};
	size_t count = 0;
	struct tu_rows *rows;
	enum tu_status status;

	*out_team = ask->team;
	if (ask->team || ask->scope->everything)
		return TU_OK;
	status = tu_tx_query(w->tx, TU_SQL_INTAKE_TEAMS, TU_BIND(tu_int(ask->person)), &rows, err);
	if (status != TU_OK)
		return status;
	while (count < TU_COUNT(teams) && tu_rows_next(rows))
		teams[count++] = tu_rows_int(rows, 0);
	status = tu_rows_close(rows, err);
	*out_team = teams[0];
	if (status == TU_OK && count != 1)
		return tu_fail(err, TU_E_USAGE, 0,
			count ? "you are in several teams, and one has to see the new project: use "
				"a "
				"key of that team"
			      : "you are in no team that could see the new project: use a key of "
				"one");
	return status;
}

static enum tu_status find_intake(struct tu_work *w, struct tu_str name, int64_t team,
	struct tu_device_row *out, struct tu_error *err)
{
	struct tu_rows *rows;
	struct tu_str device;
	enum tu_status closed;
	enum tu_status status = tu_tx_row(
		w->tx, TU_SQL_INTAKE_FIND, TU_BIND(tu_text(name), tu_int(team)), &rows, err);

	if (status != TU_OK)
		return status;
	status = tu_work_dup(w, tu_rows_text(rows, 0), &device, err);
	closed = tu_rows_close(rows, status ? NULL : err);
	if (status == TU_OK)
		status = closed;
	return status ? status : tu_device_find(w, device, out, err);
}

/* ---- a new release ---- */

static enum tu_status make_id(
	struct tu_work *w, struct tu_str name, struct tu_str *out, struct tu_error *err)
{
	struct tu_str digits;
	struct tu_buf text;
	bool fine;
	enum tu_status status = tu_work_new_id(w, &digits, err);

	if (status != TU_OK)
		return status;
	tu_buf_init(&text, SLUG_MAX + DIGITS + 32);
	tu_buf_c(&text, "intake-");
	write_slug(&text, name);
	tu_buf_printf(&text, "-%.*s",
		TU_STR_FMT(tu_str_from(digits, digits.len > DIGITS ? digits.len - DIGITS : 0)));
	fine = !text.failed && tu_arena_dup(w->arena, tu_buf_str(&text), out);
	tu_buf_done(&text);
	return fine ? TU_OK : tu_no_memory(err);
}

/* Whoever asks once more finds it. */
static enum tu_status created_at_once(struct tu_error *err)
{
	return tu_fail(err, TU_E_CONFLICT, 0, "the project is created at this moment");
}

static enum tu_status create_device(struct tu_work *w, const struct tu_intake_ask *ask,
	int64_t team, struct tu_device_row *out, struct tu_error *err)
{
	struct naming n = {.name = ask->name, .more = ask->version};
	enum tu_status status = make_id(w, ask->name, &n.id, err);

	if (status == TU_OK)
		status = put_yaml(w, &n, NULL, out, err);
	if (status == TU_OK)
		status = tu_work_exec(w, TU_SQL_INTAKE_ADD,
			TU_BIND(tu_int(out->id), tu_text(ask->name), tu_int(team)), err);
	if (status == TU_OK && team)
		status = tu_work_exec(
			w, TU_SQL_TEAM_DEVICE_ADD, TU_BIND(tu_int(team), tu_int(out->id)), err);
	/* somebody else was there a moment before */
	return status == TU_E_CONSTRAINT ? created_at_once(err) : status;
}

static enum tu_status add_version(struct tu_work *w, const struct tu_intake_ask *ask,
	const struct tu_device_row *device, struct tu_error *err)
{
	struct naming n = {.id = device->name, .name = ask->name, .more = ask->version};
	struct tu_release_rows rows = {0};
	struct tu_device_row row;
	enum tu_status status = tu_release_list(w, device->id, &rows, err);

	n.releases = rows.at;
	n.release_count = rows.count;
	/* somebody else has added it since it was looked for */
	for (size_t i = 0; i < rows.count && status == TU_OK; i++)
		if (tu_str_eq(rows.at[i].version, ask->version))
			status = created_at_once(err);
	return status ? status : put_yaml(w, &n, device, &row, err);
}

/* ---- a name that is nearly another ---- */

/* The next character, letters of ASCII in lower case, without what people write between words. NUL
 * at the end. */
static char next_of(struct tu_str *rest)
{
	while (rest->len) {
		char c = rest->ptr[0];

		*rest = tu_str_from(*rest, 1);
		if (c != ' ' && c != '-' && c != '_')
			return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
	}
	return '\0';
}

static bool is_near(struct tu_str a, struct tu_str b)
{
	char x, y;

	do {
		x = next_of(&a);
		y = next_of(&b);
	} while (x == y && x);
	return x == y;
}

/* Its name as it is means that device, whatever its title is. Its title is no name: who sends that
 * means the device, too, and would make another one. */
static bool is_near_device(struct tu_str name, const struct tu_device_row *device)
{
	if (tu_str_eq(name, device->name))
		return false;
	return is_near(name, device->name) || is_near(name, device->title);
}

/* What is written wrongly must not make a second device beside the one that is meant, with all
 * harms unknown and nobody who looks at it. */
static enum tu_status refuse_near(
	struct tu_work *w, const struct tu_intake_ask *ask, struct tu_error *err)
{
	struct tu_devices_seen devices;
	enum tu_status status = tu_device_list(w, ask->scope, &devices, err);

	for (size_t i = 0; status == TU_OK && i < devices.count; i++) {
		const struct tu_device_row *device = &devices.at[i].device;

		if (devices.at[i].intake || !is_near_device(ask->name, device))
			continue;
		return tu_fail(err, TU_E_CONSTRAINT, 0,
			"\"%.*s\" is nearly the name of the device %.*s: send that name, where it "
			"is meant, or one that is not so near; nothing was created",
			TU_STR_FMT(ask->name), TU_STR_FMT(device->name));
	}
	return status;
}

static enum tu_status create(struct tu_work *w, struct tu_intake_ask *ask, struct tu_error *err)
{
	struct tu_device_row device;
	struct tu_release_row release;
	int64_t team = 0;
	enum tu_status status = choose_team(w, ask, &team, err);

	if (status != TU_OK)
		return status;
	status = find_intake(w, ask->name, team, &device, err);
	if (status == TU_E_NOTFOUND) {
		status = refuse_near(w, ask, err);
		if (status == TU_OK)
			status = create_device(w, ask, team, &device, err);
	} else if (status == TU_OK)
		status = add_version(w, ask, &device, err);
	if (status == TU_OK)
		status = tu_release_find(w, &device, ask->version, &release, err);
	ask->release = release.public_id;
	ask->created = status == TU_OK;
	return status;
}

enum tu_status tu_intake_find(struct tu_work *w, struct tu_intake_ask *ask, struct tu_error *err)
{
	struct tu_projects projects;
	const struct tu_project *found;
	enum tu_status status = tu_project_text_check("the name of a project", ask->name, err);

	ask->created = false;
	if (status == TU_OK)
		status = tu_project_text_check("the version of a project", ask->version, err);
	if (status == TU_OK)
		status = tu_project_list(w, ask->scope, ask->name, &projects, err);
	if (status != TU_OK)
		return status;
	found = tu_project_of_version(&projects, ask->version);
	if (found) {
		ask->release = found->public_id;
		return TU_OK;
	}
	return ask->create ? create(w, ask, err)
			   : tu_fail(err, TU_E_NOTFOUND, 0, "there is no such project");
}

/* ---- to its family ---- */

struct moving {
	const struct tu_intake_move *ask;
	struct tu_release_row release, place; /* place: what the family lists */
	struct tu_device_row from, to;
	struct tu_str name; /* of the intake */
};

static enum tu_status intake_name(
	struct tu_work *w, int64_t device, struct tu_str *out, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status closed;
	enum tu_status status =
		tu_tx_row(w->tx, TU_SQL_INTAKE_OF_DEVICE, TU_BIND(tu_int(device)), &rows, err);

	if (status == TU_E_NOTFOUND)
		return tu_fail(err, TU_E_USAGE, 0, "the release is not in the intake");
	if (status != TU_OK)
		return status;
	status = tu_work_dup(w, tu_rows_text(rows, 0), out, err);
	closed = tu_rows_close(rows, status ? NULL : err);
	return status ? status : closed;
}

static enum tu_status find_release(struct tu_work *w, struct moving *m, struct tu_error *err)
{
	struct tu_str device;
	enum tu_status status = tu_release_in(w, m->ask->scope, m->ask->release, &m->release, err);

	if (status == TU_OK && m->ask->based_on && m->ask->based_on != m->release.row_version)
		status =
			tu_fail(err, TU_E_CONFLICT, 0, "the release was changed since it was read");
	if (status == TU_OK)
		status = intake_name(w, m->release.device_id, &m->name, err);
	if (status == TU_OK)
		status = tu_device_name(w, m->release.device_id, &device, err);
	return status ? status : tu_device_find(w, device, &m->from, err);
}

static enum tu_status find_place(struct tu_work *w, struct moving *m, struct tu_error *err)
{
	bool is_intake = false;
	int64_t bare = 0;
	enum tu_status status = tu_device_in(w, m->ask->scope, m->ask->device, &m->to, err);

	if (status == TU_OK)
		status = tu_intake_has(w, m->to.id, &is_intake, err);
	if (status == TU_OK && is_intake)
		return tu_fail(err, TU_E_USAGE, 0,
			"a release is moved to a family, and %.*s is of the "
			"intake, too",
			TU_STR_FMT(m->to.name));
	if (status != TU_OK)
		return status;
	status = tu_release_find(w, &m->to, m->release.version, &m->place, err);
	if (status == TU_E_NOTFOUND)
		return tu_fail(err, TU_E_USAGE, 0,
			"device.yaml of %.*s does not list release %.*s: add it there first",
			TU_STR_FMT(m->to.name), TU_STR_FMT(m->release.version));
	if (status == TU_OK)
		status = tu_tx_int(
			w->tx, TU_SQL_RELEASE_BARE, TU_BIND(tu_int(m->place.id)), &bare, err);
	if (status == TU_OK && !bare)
		return tu_fail(err, TU_E_CONSTRAINT, 0,
			"release %.*s of %.*s has an SBOM or a history of its own already",
			TU_STR_FMT(m->place.version), TU_STR_FMT(m->to.name));
	return status;
}

/* What is only a release's own and does not go with it. */
static const enum tu_sql place_removals[] = {TU_SQL_BUILDS_REMOVE, TU_SQL_PROJECT_TAGS_CLEAR,
	TU_SQL_PROJECT_ORPHAN, TU_SQL_PROJECT_REMOVE, TU_SQL_RELEASE_REMOVE};

static enum tu_status take_place(struct tu_work *w, struct moving *m, struct tu_error *err)
{
	const struct tu_release_row *place = &m->place;
	enum tu_status status = tu_work_exec(w, TU_SQL_RELEASE_CONFIGURE,
		TU_BIND(tu_int(m->release.id), tu_int(place->id)), err);

	for (size_t i = 0; i < TU_COUNT(place_removals) && status == TU_OK; i++)
		status = tu_work_exec(w, place_removals[i], TU_BIND(tu_int(place->id)), err);
	if (status == TU_OK)
		status = tu_work_exec(
			w, TU_SQL_RELEASE_DECISIONS_REMOVE, TU_BIND(tu_int(m->release.id)), err);
	if (status == TU_OK)
		status = tu_work_exec(w, TU_SQL_PROJECT_PUT,
			TU_BIND(tu_int(m->release.id), tu_int(m->from.id), tu_null()), err);
	return status
		? status
		: tu_work_update(w, TU_SQL_RELEASE_TAKE,
			  TU_BIND(tu_int(m->release.id), tu_int(m->release.row_version),
				  tu_int(m->to.id),
				  place->released ? tu_int(place->released) : tu_null(),
				  place->support_end ? tu_int(place->support_end) : tu_null()),
			  "release", err);
}

/* The text of what is left when a release is there no longer. */
static enum tu_status put_rest(struct tu_work *w, const struct tu_device_row *device,
	struct tu_str name, struct tu_error *err)
{
	struct naming n = {.id = device->name, .name = name};
	struct tu_release_rows rows = {0};
	struct tu_device_row row;
	enum tu_status status = tu_release_list(w, device->id, &rows, err);

	n.releases = rows.at;
	n.release_count = rows.count;
	return status ? status : put_yaml(w, &n, device, &row, err);
}

static enum tu_status record_move(struct tu_work *w, const struct moving *m, struct tu_error *err)
{
	const struct tu_change changes[] = {{"removed", m->place.id}, {"release", m->release.id},
		{"device", m->from.id}, {"device", m->to.id}};
	struct tu_record record;

	tu_record_begin(&record, "release.move", "release:%.*s", TU_STR_FMT(m->release.public_id));
	tu_json_member_str(&record.json, "version", m->release.version);
	tu_json_member_str(&record.json, "before", m->from.name);
	tu_json_member_str(&record.json, "after", m->to.name);
	tu_json_member_str(&record.json, "instead_of", m->place.public_id);
	return tu_record_add_changes(&record, w, changes, TU_COUNT(changes), err);
}

enum tu_status tu_intake_move(
	struct tu_work *w, const struct tu_intake_move *ask, struct tu_error *err)
{
	struct moving m = {.ask = ask};
	enum tu_status status = find_release(w, &m, err);

	if (status == TU_OK)
		status = find_place(w, &m, err);
	if (status == TU_OK)
		status = take_place(w, &m, err);
	if (status == TU_OK)
		status = put_rest(w, &m.from, m.name, err);
	return status ? status : record_move(w, &m, err);
}

/* ---- its end ---- */

static const enum tu_sql removals[] = {TU_SQL_BUILDS_REMOVE, TU_SQL_PROJECT_TAGS_CLEAR,
	TU_SQL_PROJECT_ORPHAN, TU_SQL_PROJECT_REMOVE, TU_SQL_RELEASE_DECISIONS_REMOVE,
	TU_SQL_RELEASE_CORRECTIONS_REMOVE, TU_SQL_RELEASE_REFERENCES_REMOVE, TU_SQL_RELEASE_REMOVE};

static enum tu_status check_removable(
	struct tu_work *w, const struct moving *m, struct tu_error *err)
{
	static const enum tu_sql held[] = {TU_SQL_DEVICE_SIGNED, TU_SQL_DEVICE_CASES};
	int64_t count = m->release.locked;
	enum tu_status status = TU_OK;

	if (!count)
		status = tu_tx_int(w->tx, TU_SQL_RELEASE_PUBLISHED, TU_BIND(tu_int(m->release.id)),
			&count, err);
	for (size_t i = 0; i < TU_COUNT(held) && status == TU_OK && !count; i++)
		status = tu_tx_int(w->tx, held[i], TU_BIND(tu_int(m->from.id)), &count, err);
	if (status == TU_OK && count)
		return tu_fail(err, TU_E_CONSTRAINT, 0,
			"release %.*s cannot be deleted: it was released or published, or a case "
			"or an approved "
			"decision is about it. Withdraw it instead",
			TU_STR_FMT(m->release.version));
	return status;
}

enum tu_status tu_intake_remove(struct tu_work *w, const struct tu_list_scope *scope,
	struct tu_str release, struct tu_error *err)
{
	const struct tu_intake_move ask = {.scope = scope, .release = release};
	struct moving m = {.ask = &ask};
	struct tu_record record;
	enum tu_status status = find_release(w, &m, err);

	if (status == TU_E_USAGE)
		return tu_fail(err, TU_E_CONSTRAINT, 0,
			"a release of a device is not deleted: withdraw it, or remove the device");
	if (status == TU_OK)
		status = check_removable(w, &m, err);
	for (size_t i = 0; i < TU_COUNT(removals) && status == TU_OK; i++)
		status = tu_work_exec(w, removals[i], TU_BIND(tu_int(m.release.id)), err);
	if (status == TU_OK)
		status = put_rest(w, &m.from, m.name, err);
	if (status != TU_OK)
		return status;
	tu_record_begin(&record, "release.delete", "device:%.*s", TU_STR_FMT(m.from.name));
	record.change = (struct tu_change){"removed", m.release.id};
	tu_json_member_str(&record.json, "before", m.release.version);
	return tu_record_add(&record, w, err);
}
