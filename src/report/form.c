#include "report/form.h"

#include <stdio.h>
#include <string.h>

#include "base/base64.h"
#include "base/sha256.h"
#include "report/html.h"

static const char style[] =
	":root{color-scheme:light dark}"
	"body{margin:0 auto;max-width:42rem;padding:1.5rem;font:1rem/1.5 system-ui,sans-serif}"
	"label,legend{display:block;font-weight:600;margin:1rem 0 .2rem}"
	"input,textarea{width:100%;box-sizing:border-box;font:inherit;padding:.4rem}"
	"textarea{min-height:9rem}small{display:block}"
	"button{font:inherit;padding:.5rem 1.2rem;margin:1.2rem 0}"
	"code{font-size:1.1rem;word-break:break-all}"
	"pre{white-space:pre-wrap;overflow-wrap:anywhere;font:inherit;margin:.2rem 0 1rem;"
	"padding:.6rem;border:1px solid}"
	".note{border:2px solid;padding:.6rem}";

enum tu_status tu_form_policy(char out_policy[TU_FORM_POLICY_MAX], struct tu_error *err)
{
	uint8_t digest[TU_SHA256_BYTES];
	struct tu_buf text;
	int len;

	if (tu_sha256(tu_str_c(style), digest) != TU_OK)
		return tu_no_memory(err);
	tu_buf_init(&text, TU_FORM_POLICY_MAX);
	tu_base64_write(digest, sizeof(digest), &text);
	len = snprintf(out_policy, TU_FORM_POLICY_MAX,
		"default-src 'none'; style-src 'sha256-%.*s'; form-action 'self'; base-uri 'none'; "
		"frame-ancestors 'none'",
		TU_STR_FMT(tu_buf_str(&text)));
	tu_buf_done(&text);
	return len > 0 && len < TU_FORM_POLICY_MAX ? TU_OK : tu_no_memory(err);
}

static void open_page(const char *title, struct tu_buf *out)
{
	tu_buf_c(out,
		"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		"<meta name=\"viewport\" content=\"width=device-width\">\n"
		"<meta name=\"robots\" content=\"noarchive\">\n<title>");
	tu_html_word(out, title);
	tu_buf_c(out, "</title>\n<style>");
	tu_buf_c(out, style);
	tu_buf_c(out, "</style>\n</head>\n<body>\n<main>\n<h1>");
	tu_html_word(out, title);
	tu_buf_c(out, "</h1>\n");
}

static void close_page(struct tu_buf *out)
{
	tu_buf_c(out, "</main>\n</body>\n</html>\n");
}

static void paragraphs(struct tu_str text, struct tu_buf *out)
{
	struct tu_str line;

	while (tu_str_split(&text, '\n', &line))
		if (tu_str_trim(line).len)
			tu_html_element(out, "p", tu_str_trim(line));
}

/* ---- the form ---- */

struct field {
	const char *name, *label, *help, *type; /* type "textarea": a text of several lines */
	bool required;
};

static const struct field fields[] = {
	{"product", "Product", "The name or the number on its label", "text", true},
	{"version", "Version", "Of the software, as the product shows it", "text", false},
	{"found", "What did you find?", NULL, "textarea", true},
	{"reproduce", "How can it be reproduced?", "Step by step, as far as you can", "textarea",
		false},
	{"contact", "How can we reach you?",
		"A mail address. Without one you follow the report by its receipt", "text", false},
	{"credit", "Whom may we thank?", "As it is to be printed; empty: nobody", "text", false},
	{"embargo", "Not to be published before",
		"If you have planned a publication: we take it as a wish", "date", false},
};

static void write_field(const struct field *field, size_t text_max, struct tu_buf *out)
{
	bool area = strcmp(field->type, "textarea") == 0;

	tu_buf_printf(out, "<label for=\"%s\">%s%s</label>\n", field->name, field->label,
		field->required ? " (required)" : "");
	if (field->help)
		tu_buf_printf(out, "<small id=\"%s-help\">%s</small>\n", field->name, field->help);
	if (area)
		tu_buf_printf(out, "<textarea id=\"%s\" name=\"%s\" maxlength=\"%zu\"", field->name,
			field->name, text_max);
	else
		tu_buf_printf(out, "<input type=\"%s\" id=\"%s\" name=\"%s\" maxlength=\"300\"",
			field->type, field->name, field->name);
	if (field->help)
		tu_buf_printf(out, " aria-describedby=\"%s-help\"", field->name);
	tu_buf_c(out, field->required ? " required>" : ">");
	tu_buf_c(out, area ? "</textarea>\n" : "\n");
}

static void write_intro(const struct tu_form_input *input, struct tu_buf *out)
{
	paragraphs(input->words, out);
	tu_buf_printf(out,
		"<p>You need no account. A person reads your report and acknowledges it within %u "
		"%s. Please send nothing about patients.</p>\n",
		input->acknowledge_days, input->acknowledge_days == 1 ? "day" : "days");
	if (input->contact.len) {
		tu_buf_c(out, "<p>You can also write to <strong>");
		tu_html_text(out, input->contact);
		tu_buf_c(out, "</strong>.</p>\n");
	}
	if (input->has_key)
		tu_buf_c(out,
			"<p>Use our <a href=\"/report/key\">OpenPGP key</a> for what is to "
			"be read by us alone: encrypt it, and attach the file here or send "
			"it by mail.</p>\n");
	tu_buf_c(out,
		"<p>You have a receipt? <a href=\"/report/state\">Look at your "
		"report</a>.</p>\n");
}

void tu_form_write_report(const struct tu_form_input *input, struct tu_buf *out)
{
	open_page("Report a vulnerability", out);
	write_intro(input, out);
	tu_buf_c(out,
		"<form method=\"post\" action=\"/report\" "
		"enctype=\"multipart/form-data\">\n");
	for (size_t i = 0; i < TU_COUNT(fields); i++)
		write_field(&fields[i], input->text_max, out);
	tu_buf_printf(out,
		"<label for=\"files\">Attachments</label>\n"
		"<small id=\"files-help\">Up to %u files of %u MiB; the whole report at most 24 "
		"MiB</small>\n"
		"<input type=\"file\" id=\"files\" name=\"files\" multiple "
		"aria-describedby=\"files-help\">\n",
		input->files_max, input->file_mib);
	tu_buf_c(out,
		"<p hidden><label for=\"" TU_FORM_TRAP "\">Leave this empty</label>"
		"<input type=\"text\" id=\"" TU_FORM_TRAP "\" name=\"" TU_FORM_TRAP "\" "
		"tabindex=\"-1\" autocomplete=\"off\"></p>\n"
		"<button>Send the report</button>\n</form>\n");
	close_page(out);
}

void tu_form_write_thanks(struct tu_str receipt, int64_t acknowledge_by, struct tu_buf *out)
{
	open_page("Your report was received", out);
	tu_buf_c(out,
		"<p class=\"note\">Keep this receipt. It is shown this once, and whoever has "
		"it can read what we answer:<br><code>");
	tu_html_text(out, receipt);
	tu_buf_c(out, "</code></p>\n<p>We will acknowledge it by ");
	tu_html_date(out, acknowledge_by, "");
	tu_buf_c(out,
		". <a href=\"/report/state\">Look at your report</a> with the receipt, or "
		"add to it.</p>\n");
	close_page(out);
}

/* ---- what became of it ---- */

void tu_form_write_ask(bool wrong, struct tu_buf *out)
{
	open_page("Look at your report", out);
	if (wrong)
		tu_buf_c(out, "<p class=\"note\" role=\"alert\">No report has this receipt.</p>\n");
	tu_buf_c(out,
		"<form method=\"post\" action=\"/report/state\">\n"
		"<label for=\"receipt\">Receipt</label>\n"
		"<input type=\"text\" id=\"receipt\" name=\"receipt\" maxlength=\"100\" "
		"autocomplete=\"off\" required>\n<button>Show it</button>\n</form>\n"
		"<p><a href=\"/report\">Report a vulnerability</a></p>\n");
	close_page(out);
}

static void write_messages(const struct tu_form_state *state, struct tu_buf *out)
{
	if (state->message_count)
		tu_buf_c(out, "<h2>Messages</h2>\n");
	for (size_t i = 0; i < state->message_count; i++) {
		const struct tu_form_message *message = &state->messages[i];

		tu_buf_c(out, message->ours ? "<h3>We wrote, " : "<h3>You wrote, ");
		tu_html_time(out, message->at, "");
		tu_buf_c(out, "</h3>\n<pre>");
		tu_html_text(out, message->text);
		tu_buf_c(out, "</pre>\n");
	}
}

void tu_form_write_state(const struct tu_form_state *state, struct tu_buf *out)
{
	open_page("Your report", out);
	if (state->added)
		tu_buf_c(out, "<p class=\"note\" role=\"status\">Your message was added.</p>\n");
	tu_buf_c(out, "<p>Received ");
	tu_html_time(out, state->received, "");
	tu_buf_c(out, state->acknowledged ? ", acknowledged " : ", to be acknowledged by ");
	tu_html_date(out, state->acknowledged ? state->acknowledged : state->acknowledge_by, "");
	tu_buf_c(out, ".</p>\n");
	tu_html_element(out, "p", tu_str_c(state->state));
	write_messages(state, out);
	tu_buf_c(out,
		"<h2>Add a message</h2>\n<form method=\"post\" action=\"/report/message\">\n"
		"<input type=\"hidden\" name=\"receipt\" value=\"");
	tu_html_text(out, state->receipt);
	tu_buf_c(out,
		"\">\n<label for=\"text\">Message</label>\n<textarea id=\"text\" "
		"name=\"text\" maxlength=\"30000\" required></textarea>\n"
		"<button>Add it</button>\n</form>\n");
	close_page(out);
}

void tu_form_write_refusal(const char *title, struct tu_str detail, struct tu_buf *out)
{
	open_page(title, out);
	if (detail.len)
		tu_html_element(out, "p", detail);
	tu_buf_c(out, "<p><a href=\"/report\">Report a vulnerability</a></p>\n");
	close_page(out);
}
