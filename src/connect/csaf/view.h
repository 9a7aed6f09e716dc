/*
 * What one reader sees of the provider, and how it becomes an answer. All of it is read in one
 * transaction; a view lives as long as that. docs/connect/csaf.md has the paths.
 */
#ifndef TU_CONNECT_CSAF_VIEW_H
#define TU_CONNECT_CSAF_VIEW_H

#include "api/call.h"
#include "portfolio/provider.h"

#define TU_PROVIDER_ROOT "/.well-known/csaf/"

/* The labels, in the order in which they are listed. */
struct tu_csaf_label {
	struct tu_str name; /* "WHITE", as in documents */
	struct tu_str folder; /* "white", as in addresses */
};
enum { TU_CSAF_LABELS = 4 };
extern const struct tu_csaf_label tu_csaf_labels[TU_CSAF_LABELS];

struct tu_csaf_view {
	struct tu_api_call *call;
	struct tu_work *w;
	struct tu_provider_reader reader;
	struct tu_provider_setting setting;
	struct tu_provider_keys keys;
	const struct tu_csaf_label *label; /* of the path; NULL: it has none */
	struct tu_provider_files files; /* of the label; of all without one */
	/* the answer in the making */
	struct tu_buf *out;
	const char *type;
	int64_t modified; /* seconds; 0: not stated */
};

/* Write view->out and view->type. TU_E_NOTFOUND: there is no such thing for this reader. */
typedef enum tu_status tu_csaf_write(struct tu_csaf_view *view, struct tu_error *err);

/* Read what the reader sees, call `write`, answer. `tlp`: the label's folder, ptr NULL where the
 * path has none; a label that this reader does not see does not exist. `name`: of one document. */
struct tu_csaf_asked {
	struct tu_str tlp, name;
};
TU_NODISCARD enum tu_status tu_csaf_answer(struct tu_api_call *call,
	const struct tu_csaf_asked *asked, tu_csaf_write *write, struct tu_error *err);
/* "there is no such document": of what does not exist, and of what is not for this reader. */
enum tu_status tu_csaf_unknown(struct tu_error *err);

bool tu_csaf_sees(const struct tu_csaf_view *view, const struct tu_csaf_label *label);
/* Append "https://host/.well-known/csaf/". */
void tu_csaf_url(const struct tu_csaf_view *view, struct tu_buf *out);
/* Append "2026/name.json", the place of a document in its label's folder. */
void tu_csaf_place(const struct tu_provider_file *file, struct tu_buf *out);
/* Append the address of a document and an ending. */
void tu_csaf_document_url(const struct tu_csaf_view *view, const struct tu_provider_file *file,
	const char *ending, struct tu_buf *out);
/* Add, as a value, the address of a file in a label's folder; "*" in its name is the folder's. */
void tu_csaf_member_of_label(const struct tu_csaf_view *view, struct tu_json_writer *json,
	const struct tu_csaf_label *label, const char *name);
bool tu_csaf_is_signed(const struct tu_provider_file *file);

/* What a folder of a label has beside documents. */
tu_csaf_write tu_csaf_write_feed, tu_csaf_write_category, tu_csaf_write_index,
	tu_csaf_write_changes;
/* A document, or what belongs to it, by the file's name of the path. */
TU_NODISCARD enum tu_status tu_csaf_answer_document(
	struct tu_api_call *call, struct tu_str tlp, struct tu_str file, struct tu_error *err);

#endif
