/* A portfolio as plain arrays, at random: what tests of the list are made of. */
#ifndef TU_TESTS_LIST_WORLD_H
#define TU_TESTS_LIST_WORLD_H

#include "list/list.h"
#include "prop/random.h"

enum { VULNS = 12, COMPONENTS = 9, DEVICES = 4, RELEASES = 8, DUES = 8 };
#define SECOND ((int64_t)1000000)

struct world {
	struct tu_list_vulnerability vulns[VULNS];
	struct tu_list_component components[COMPONENTS];
	struct tu_list_device devices[DEVICES];
	struct tu_list_release releases[RELEASES];
	size_t release_device[RELEASES];
	struct tu_list_deadline dues[VULNS][DUES];
	size_t due_count[VULNS];
	bool has_fact[COMPONENTS][VULNS];
	struct tu_list_fact facts[COMPONENTS][VULNS];
	bool has_ref[RELEASES][COMPONENTS];
	struct tu_list_reference refs[RELEASES][COMPONENTS];
	bool has_decision[RELEASES][COMPONENTS][VULNS];
	struct tu_list_decision decisions[RELEASES][COMPONENTS][VULNS];
	char names[VULNS][24];
	/* how much of it is there: the rest appears later */
	size_t vuln_count, component_count, device_count, release_count;
};

static int64_t some_time(struct dice *dice)
{
	return (int64_t)(1000 + dice_below(dice, 12)) * SECOND + (int64_t)dice_below(dice, 1000000);
}

static void roll_vuln(struct world *w, struct dice *dice, size_t i)
{
	static const char *const by[] = {
		"CISA", "CISA\nENISA", "Acme List", "Acme List\nVulnCheck\nCISA"};
	struct tu_list_vulnerability *row = &w->vulns[i];

	row->severity = (uint8_t)dice_below(dice, TU_LIST_SEVERITIES);
	row->score = dice_below(dice, 3) ? (uint8_t)dice_below(dice, 101) : TU_LIST_UNSTATED_SCORE;
	row->kev = !dice_below(dice, 3);
	row->exploited_by = tu_str_c(row->kev ? by[dice_below(dice, 4)] : "");
	row->epss = dice_below(dice, 3) ? (uint32_t)dice_below(dice, 5) * 250000
					: TU_LIST_UNSTATED_EPSS;
	row->modified = some_time(dice);
	w->due_count[i] = dice_below(dice, 3) ? 0 : dice_below(dice, 4);
	for (size_t j = 0; j < w->due_count[i]; j++)
		w->dues[i][j] = (struct tu_list_deadline){row->id,
			dice_below(dice, 2) ? 0 : w->devices[dice_below(dice, w->device_count)].id,
			some_time(dice)};
}

static void roll_component(struct world *w, struct dice *dice, size_t c)
{
	for (size_t v = 0; v < VULNS; v++) {
		w->has_fact[c][v] = v < w->vuln_count && dice_below(dice, 3) == 0;
		w->facts[c][v] = (struct tu_list_fact){w->components[c].id, w->vulns[v].id,
			(uint8_t)dice_below(dice, TU_LIST_VERDICTS), dice_below(dice, 2) > 0,
			some_time(dice)};
	}
}

static void roll_decision(struct world *w, struct dice *dice, size_t r, size_t c, size_t v)
{
	uint8_t status = (uint8_t)dice_below(dice, TU_LIST_STATUSES);

	/* now and then about what is no finding */
	w->has_decision[r][c][v] = v < w->vuln_count && c < w->component_count &&
		(w->has_fact[c][v] && w->has_ref[r][c] ? dice_below(dice, 2) == 0
						       : dice_below(dice, 12) == 0);
	w->decisions[r][c][v] = (struct tu_list_decision){w->components[c].id, w->vulns[v].id,
		w->releases[r].id, (enum tu_list_state)(1 + dice_below(dice, 4)), status,
		status == 2 || status == 4, (uint8_t)dice_below(dice, TU_LIST_RISKS),
		(uint8_t)dice_below(dice, TU_LIST_HARMS)};
}

static void roll_release(struct world *w, struct dice *dice, size_t r)
{
	w->releases[r].state = (uint8_t)dice_below(dice, 3);
	for (size_t c = 0; c < COMPONENTS; c++) {
		w->has_ref[r][c] = c < w->component_count && dice_below(dice, 2) == 0;
		w->refs[r][c] = (struct tu_list_reference){w->releases[r].id, w->components[c].id,
			(uint8_t)dice_below(dice, TU_LIST_HARMS), some_time(dice)};
		for (size_t v = 0; v < VULNS; v++)
			roll_decision(w, dice, r, c, v);
	}
}

/* Ids that differ, in no order. */
static int64_t id_of(struct dice *dice, size_t i)
{
	return (int64_t)(dice_below(dice, 50) * 100 + i + 1);
}

static void roll_world(struct world *w, struct dice *dice)
{
	static const char *const names[COMPONENTS] = {"openssl", "OpenSSH", "zlib", "busybox",
		"open-vm", "curl", "linux", "openssl", "libxml2"};
	static const char *const purls[] = {"pkg:deb/a", "pkg:generic/CURL", ""};

	*w = (struct world){.vuln_count = VULNS - 3,
		.component_count = COMPONENTS - 2,
		.device_count = DEVICES - 1,
		.release_count = RELEASES - 2};
	for (size_t i = 0; i < DEVICES; i++)
		w->devices[i] = (struct tu_list_device){id_of(dice, i), tu_str_c(names[i + 2])};
	for (size_t i = 0; i < VULNS; i++) {
		(void)snprintf(w->names[i], sizeof(w->names[i]), "%s-20%02zu-%zu",
			i % 3 ? "CVE" : "GHSA", 20 + dice_below(dice, 3), (size_t)1 << i);
		w->vulns[i].id = id_of(dice, i);
		w->vulns[i].name = tu_str_c(w->names[i]);
		roll_vuln(w, dice, i);
	}
	for (size_t i = 0; i < COMPONENTS; i++)
		w->components[i] = (struct tu_list_component){id_of(dice, i), tu_str_c(names[i]),
			tu_str_c(names[i % 4]), TU_STR("1.2"), tu_str_c(purls[i % 3]),
			{(uint8_t)i}};
	for (size_t i = 0; i < RELEASES; i++) {
		w->release_device[i] = dice_below(dice, i < RELEASES - 2 ? DEVICES - 1 : DEVICES);
		w->releases[i] = (struct tu_list_release){.id = id_of(dice, i),
			.device_id = w->devices[w->release_device[i]].id,
			.version = tu_str_c(i % 2 ? "1.0" : "2.0"),
			.public_id = tu_str_c(i % 2 ? "a" : "b"),
			.released = some_time(dice)};
	}
	for (size_t i = 0; i < w->component_count; i++)
		roll_component(w, dice, i);
	for (size_t i = 0; i < w->release_count; i++)
		roll_release(w, dice, i);
}

/* ---- into a draft; the first error ends it ---- */

static enum tu_status put_vuln(
	const struct world *w, struct tu_list_draft *draft, size_t i, struct tu_error *err)
{
	enum tu_status status = tu_list_put_vulnerability(draft, &w->vulns[i], err);

	for (size_t j = 0; j < w->due_count[i] && !status; j++)
		status = tu_list_put_deadline(draft, &w->dues[i][j], err);
	return status;
}

static enum tu_status put_facts(
	const struct world *w, struct tu_list_draft *draft, size_t c, struct tu_error *err)
{
	enum tu_status status = tu_list_replace_component(draft, w->components[c].id, err);

	for (size_t v = 0; v < VULNS && !status; v++)
		if (w->has_fact[c][v])
			status = tu_list_put_fact(draft, &w->facts[c][v], err);
	return status;
}

static enum tu_status put_contents(
	const struct world *w, struct tu_list_draft *draft, size_t r, struct tu_error *err)
{
	enum tu_status status = tu_list_replace_release(draft, w->releases[r].id, err);

	for (size_t c = 0; c < COMPONENTS && !status; c++) {
		if (w->has_ref[r][c])
			status = tu_list_put_reference(draft, &w->refs[r][c], err);
		for (size_t v = 0; v < VULNS && !status; v++)
			if (w->has_decision[r][c][v])
				status = tu_list_put_decision(draft, &w->decisions[r][c][v], err);
	}
	return status;
}

/* Everything; contents before what they name, as rows may come in any order. */
static enum tu_status put_world(
	const struct world *w, struct tu_list_draft *draft, struct tu_error *err)
{
	enum tu_status status = TU_OK;

	for (size_t i = 0; i < w->release_count && !status; i++)
		status = put_contents(w, draft, i, err);
	for (size_t i = 0; i < w->component_count && !status; i++)
		status = put_facts(w, draft, i, err);
	for (size_t i = 0; i < w->vuln_count && !status; i++)
		status = put_vuln(w, draft, i, err);
	for (size_t i = 0; i < w->component_count && !status; i++)
		status = tu_list_put_component(draft, &w->components[i], err);
	for (size_t i = 0; i < w->device_count && !status; i++)
		status = tu_list_put_device(draft, &w->devices[i], err);
	for (size_t i = 0; i < w->release_count && !status; i++)
		status = tu_list_put_release(draft, &w->releases[i], err);
	return status;
}

static enum tu_status snapshot_of(const struct world *w, int64_t change,
	struct tu_list_snapshot **out_snapshot, struct tu_error *err)
{
	struct tu_list_draft *draft;
	enum tu_status status = tu_list_draft_new(NULL, &draft, err);

	if (status)
		return status;
	status = put_world(w, draft, err);
	if (!status)
		status = tu_list_finish(draft, change, out_snapshot, err);
	tu_list_draft_free(draft);
	return status;
}

#endif
