/* Where the public record of a vulnerability is, by the kind of its id. */
#include "report/page_parts.h"

#include "vex/record.h"

/* Ids up to this length stay on one line. */
enum { ID_UNBROKEN_MAX = 20 };

void tu_page__id(struct tu_page *page, struct tu_str id)
{
	struct tu_buf address;
	const char *style = id.len <= ID_UNBROKEN_MAX ? " class=\"k\"" : "";

	tu_buf_init(&address, 512);
	tu_record_page(id, &address);
	page->out->failed |= address.failed;
	if (!address.len) {
		tu_html_element(page->out, *style ? "span class=\"k\"" : "span", id);
		tu_buf_done(&address);
		return;
	}
	tu_page__raw(page, "<a");
	tu_page__raw(page, style);
	tu_page__raw(page, " href=\"");
	tu_page__text(page, tu_buf_str(&address));
	tu_page__raw(page, "\">");
	tu_page__text(page, id);
	tu_page__raw(page, "</a>");
	tu_buf_done(&address);
}

void tu_page__row_id(struct tu_page *page, struct tu_str id)
{
	tu_page__raw(page, "<th scope=\"row\">");
	tu_page__id(page, id);
	tu_page__raw(page, "</th>");
}
