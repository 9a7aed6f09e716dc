/* Changes to the portfolio of list_world.h, and the drafts that follow them. */
#ifndef TU_TESTS_LIST_CHANGES_H
#define TU_TESTS_LIST_CHANGES_H

#include "support/list_world.h"

/* What is new becomes part of the world: its rows are put before what names them. */
static enum tu_status appear(
	struct world *w, struct tu_list_draft *draft, struct dice *dice, struct tu_error *err)
{
	enum tu_status status = TU_OK;

	if (w->device_count < DEVICES)
		status = tu_list_put_device(draft, &w->devices[w->device_count++], err);
	if (!status && w->vuln_count < VULNS && dice_below(dice, 2)) {
		roll_vuln(w, dice, w->vuln_count);
		status = put_vuln(w, draft, w->vuln_count++, err);
	}
	if (!status && w->component_count < COMPONENTS && dice_below(dice, 2)) {
		roll_component(w, dice, w->component_count);
		status = tu_list_put_component(draft, &w->components[w->component_count], err);
		if (!status)
			status = put_facts(w, draft, w->component_count++, err);
	}
	if (!status && w->release_count < RELEASES && dice_below(dice, 2)) {
		status = tu_list_put_release(draft, &w->releases[w->release_count], err);
		roll_release(w, dice, w->release_count);
		w->releases[w->release_count].state = 0;
		if (!status)
			status = tu_list_put_release(draft, &w->releases[w->release_count], err);
		if (!status)
			status = put_contents(w, draft, w->release_count++, err);
	}
	return status;
}

/* The world changes a little, and a draft after `from` follows. */
static enum tu_status change_world(struct world *w, struct dice *dice,
	struct tu_list_snapshot *from, struct tu_list_snapshot **out_snapshot, struct tu_error *err)
{
	struct tu_list_draft *draft;
	enum tu_status status = tu_list_draft_new(from, &draft, err);
	size_t r = dice_below(dice, w->release_count), c = dice_below(dice, w->component_count);
	size_t v = dice_below(dice, w->vuln_count);

	if (status)
		return status;
	if (dice_below(dice, 2))
		status = appear(w, draft, dice, err);
	if (!status && dice_below(dice, 2)) {
		roll_release(w, dice, r);
		status = tu_list_put_release(draft, &w->releases[r], err);
		if (!status)
			status = put_contents(w, draft, r, err);
	}
	if (!status && dice_below(dice, 2)) {
		roll_component(w, dice, c);
		status = put_facts(w, draft, c, err);
	}
	if (!status && dice_below(dice, 2)) {
		roll_vuln(w, dice, v);
		status = put_vuln(w, draft, v, err);
	}
	if (!status)
		status = tu_list_finish(draft, tu_list_change(from) + 1, out_snapshot, err);
	tu_list_draft_free(draft);
	return status;
}

#endif
