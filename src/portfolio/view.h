/*
 * Saved views of lists: a filter, a sort and columns under a name, private or a team's.
 *
 * A private view is its person's alone; a team's is seen and changed by its members. For others
 * there is none. Changes are recorded as "view.add", "view.change" and "view.remove", about
 * "view:<public id>".
 */
#ifndef TU_PORTFOLIO_VIEW_H
#define TU_PORTFOLIO_VIEW_H

#include "list/query.h"
#include "portfolio/work.h"

/* Texts are in the work's arena. */
struct tu_view {
	int64_t id;
	struct tu_str public_id;
	struct tu_str team; /* its name; empty: private */
	struct tu_str name;
	enum tu_list_kind list;
	struct tu_str filter, sort, columns;
	int64_t version, created;
};

struct tu_views {
	const struct tu_view *at;
	size_t count;
};

/* All that a person sees, by name. */
TU_NODISCARD enum tu_status tu_view_list(
	struct tu_work *w, int64_t person, struct tu_views *out, struct tu_error *err);
/* TU_E_NOTFOUND. */
TU_NODISCARD enum tu_status tu_view_find(struct tu_work *w, int64_t person, struct tu_str public_id,
	struct tu_view *out, struct tu_error *err);

/* Add view->team, name, list, filter, sort and columns. TU_E_USAGE: the filter is none (as of
 * tu_list_filter_parse()), the name is empty; TU_E_NOTFOUND: the person is in no such team. */
TU_NODISCARD enum tu_status tu_view_add(struct tu_work *w, int64_t person,
	const struct tu_view *view, struct tu_str *out_public_id, struct tu_error *err);
/* Replace name, filter, sort and columns of the one with view->public_id. TU_E_CONFLICT when
 * view->version (0: any) is not the present one. */
TU_NODISCARD enum tu_status tu_view_change(
	struct tu_work *w, int64_t person, const struct tu_view *view, struct tu_error *err);
TU_NODISCARD enum tu_status tu_view_remove(
	struct tu_work *w, int64_t person, const struct tu_view *view, struct tu_error *err);

/* "findings", "vulnerabilities". */
const char *tu_view_list_name(enum tu_list_kind list);

#endif
