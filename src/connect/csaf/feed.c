/* The ROLIE feed of a label (7.1.15) and its category document (7.1.17). */
#include "base/json_writer.h"
#include "base/time.h"
#include "connect/csaf/view.h"

enum { US = 1000000 };

static void member_time(struct tu_json_writer *json, const char *key, int64_t seconds)
{
	size_t start;

	tu_json_key(json, key);
	start = tu_json_open_text(json);
	tu_time_write(seconds, json->buf);
	tu_json_close_text(json, start);
}

static void category(struct tu_json_writer *json, const char *scheme, struct tu_str term)
{
	tu_json_open_object(json);
	if (scheme)
		tu_json_member_str(json, "scheme", tu_str_c(scheme));
	tu_json_member_str(json, "term", term);
	tu_json_close_object(json);
}

struct entry {
	const struct tu_csaf_view *view;
	const struct tu_provider_file *file;
	struct tu_json_writer *json;
};

static void member_address(const struct entry *e, const char *key, const char *ending)
{
	size_t start;

	tu_json_key(e->json, key);
	start = tu_json_open_text(e->json);
	tu_csaf_document_url(e->view, e->file, ending, e->json->buf);
	tu_json_close_text(e->json, start);
}

static void link_to(const struct entry *e, const char *rel, const char *ending)
{
	tu_json_open_object(e->json);
	tu_json_member_str(e->json, "rel", tu_str_c(rel));
	member_address(e, "href", ending);
	tu_json_close_object(e->json);
}

static void write_links(const struct entry *e)
{
	tu_json_key(e->json, "link");
	tu_json_open_array(e->json);
	link_to(e, "self", "");
	link_to(e, "hash", ".sha256");
	link_to(e, "hash", ".sha512");
	if (tu_csaf_is_signed(e->file))
		link_to(e, "signature", ".asc");
	tu_json_close_array(e->json);
}

static void write_entry(const struct entry *e)
{
	tu_json_open_object(e->json);
	tu_json_member_str(e->json, "id", e->file->tracking);
	tu_json_member_str(e->json, "title", e->file->title);
	write_links(e);
	member_time(e->json, "published", e->file->initial);
	member_time(e->json, "updated", e->file->released);
	tu_json_key(e->json, "category");
	tu_json_open_array(e->json);
	category(e->json, NULL, e->file->device);
	tu_json_close_array(e->json);
	tu_json_key(e->json, "content");
	tu_json_open_object(e->json);
	tu_json_member_str(e->json, "type", TU_STR("application/json"));
	member_address(e, "src", "");
	tu_json_close_object(e->json);
	tu_json_key(e->json, "format");
	tu_json_open_object(e->json);
	tu_json_member_str(e->json, "schema",
		TU_STR("https://docs.oasis-open.org/csaf/csaf/v2.0/csaf_json_schema.json"));
	tu_json_member_str(e->json, "version", TU_STR("2.0"));
	tu_json_close_object(e->json);
	tu_json_close_object(e->json);
}

static void write_head(const struct tu_csaf_view *view, struct tu_json_writer *json)
{
	size_t start;

	tu_json_key(json, "id");
	start = tu_json_open_text(json);
	tu_buf_printf(json->buf, "csaf-feed-tlp-%.*s", TU_STR_FMT(view->label->folder));
	tu_json_close_text(json, start);
	tu_json_key(json, "title");
	start = tu_json_open_text(json);
	tu_buf_printf(json->buf, "CSAF feed (TLP:%.*s)", TU_STR_FMT(view->label->name));
	tu_json_close_text(json, start);
	tu_json_key(json, "link");
	tu_json_open_array(json);
	tu_json_open_object(json);
	tu_json_member_str(json, "rel", TU_STR("self"));
	tu_json_key(json, "href");
	tu_csaf_member_of_label(view, json, view->label, "csaf-feed-tlp-*.json");
	tu_json_close_object(json);
	tu_json_open_object(json);
	tu_json_member_str(json, "rel", TU_STR("service"));
	tu_json_key(json, "href");
	start = tu_json_open_text(json);
	tu_csaf_url(view, json->buf);
	tu_buf_c(json->buf, "service.json");
	tu_json_close_text(json, start);
	tu_json_close_object(json);
	tu_json_close_array(json);
}

enum tu_status tu_csaf_write_feed(struct tu_csaf_view *view, struct tu_error *err)
{
	struct tu_json_writer json = tu_json_writer(view->out, true);
	size_t count = view->files.list.count;

	(void)err;
	tu_json_open_object(&json);
	tu_json_key(&json, "feed");
	tu_json_open_object(&json);
	write_head(view, &json);
	tu_json_key(&json, "category");
	tu_json_open_array(&json);
	category(&json, "urn:ietf:params:rolie:category:information-type", TU_STR("csaf"));
	tu_json_close_array(&json);
	member_time(&json, "updated",
		count ? view->files.list.at[0].released : view->setting.changed / US);
	tu_json_key(&json, "entry");
	tu_json_open_array(&json);
	for (size_t i = 0; i < count; i++)
		write_entry(&(const struct entry){view, &view->files.list.at[i], &json});
	tu_json_close_array(&json);
	tu_json_close_object(&json);
	tu_json_close_object(&json);
	view->type = "application/json";
	return TU_OK;
}

/* The devices that the documents are about, each once. */
enum tu_status tu_csaf_write_category(struct tu_csaf_view *view, struct tu_error *err)
{
	struct tu_json_writer json = tu_json_writer(view->out, true);

	(void)err;
	tu_json_open_object(&json);
	tu_json_key(&json, "categories");
	tu_json_open_object(&json);
	tu_json_key(&json, "category");
	tu_json_open_array(&json);
	for (size_t i = 0; i < view->files.list.count; i++) {
		struct tu_str device = view->files.list.at[i].device;
		size_t k = 0;

		while (k < i && !tu_str_eq(view->files.list.at[k].device, device))
			k++;
		if (k == i)
			category(&json, NULL, device);
	}
	tu_json_close_array(&json);
	tu_json_close_object(&json);
	tu_json_close_object(&json);
	view->type = "application/json";
	return TU_OK;
}
