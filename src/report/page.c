/* The page: its sections, in their order. */
#include "report/page_parts.h"

static const struct {
	const char *id;
	const char *title;
	enum tu_status (*write)(struct tu_page *page);
} sections[] = {
	{"today", "What to do today", tu_page__today},
	{"posture", "Posture", tu_page__posture},
	{"risk", "Risk", tu_page__matrix_section},
	{"uncontrolled", "Uncontrolled findings", tu_page__uncontrolled},
	{"open", "Other open findings", tu_page__open},
	{"closed", "Closed findings", tu_page__closed},
	{"decisions", "Decisions", tu_page__decisions},
	{"deadlines", "Deadlines", tu_page__deadlines},
	{"metrics", "Measures", tu_page__metrics},
	{"sbom", "SBOM and statements", tu_page__sbom},
	{"knowledge", "Sources", tu_page__knowledge},
	{"about", "Device and release", tu_page__about},
};

static void add_nav(struct tu_page *page)
{
	tu_page__raw(page, "<nav aria-label=\"Contents\"><ul>");
	for (size_t i = 0; i < TU_COUNT(sections); i++) {
		tu_page__raw(page, "<li><a href=\"#");
		tu_page__word(page, sections[i].id);
		tu_page__raw(page, "\">");
		tu_page__word(page, sections[i].title);
		tu_page__raw(page, "</a></li>");
	}
	tu_page__raw(page, "</ul></nav>\n");
}

static enum tu_status add_sections(struct tu_page *page)
{
	enum tu_status status = TU_OK;

	for (size_t i = 0; i < TU_COUNT(sections) && status == TU_OK; i++) {
		tu_page__section(page, sections[i].id, sections[i].title);
		status = sections[i].write(page);
		tu_page__section_end(page);
	}
	return status;
}

enum tu_status tu_page_write(
	const struct tu_page_input *input, struct tu_sink *sink, struct tu_error *err)
{
	struct tu_page page = {.in = input, .sink = sink, .out = &sink->buf};
	enum tu_status status;

	if (!tu_page__index(&page))
		return tu_no_memory(err);
	tu_page__header(&page);
	add_nav(&page);
	tu_page__raw(&page, "<main id=\"main\">\n");
	status = add_sections(&page);
	tu_page__raw(&page, "</main>\n");
	tu_page__footer(&page);
	return status != TU_OK ? tu_no_memory(err) : tu_sink_check(sink, err);
}
