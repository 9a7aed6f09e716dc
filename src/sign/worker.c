#define _GNU_SOURCE /* MSG_CMSG_CLOEXEC */
#include "sign/worker.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/descriptor.h"
#include "base/utf8.h"
#include "sign/confine.h"
#include "sign/keys.h"
#include "sign/log.h"

struct worker {
	struct tu_sign_keys keys;
	struct tu_sign_log log;
	struct tu_error unfit; /* why nothing can be signed; status TU_OK: it can */
	bool confined;
};

static enum tu_status key_of(const struct worker *w, uint32_t purpose, struct tu_error *err)
{
	if (purpose >= TU_SIGN_PURPOSES)
		return tu_fail(err, TU_E_UNSUPPORTED, 0, "nothing is signed for this purpose");
	if (!w->keys.of[purpose].there && w->keys.no_openpgp.status &&
		tu_sign_purpose_is_openpgp((enum tu_sign_purpose)purpose)) {
		*err = w->keys.no_openpgp;
		return err->status;
	}
	if (!w->keys.of[purpose].there)
		return tu_fail(err, TU_E_NOTFOUND, 0, "there is no key for a %s: %s.key is missing",
			tu_sign_purpose_name((enum tu_sign_purpose)purpose),
			tu_sign_purpose_file((enum tu_sign_purpose)purpose));
	return TU_OK;
}

/* The log is to be read again: one line of text. */
static bool is_line(struct tu_str text)
{
	for (size_t i = 0; i < text.len; i++) {
		if ((unsigned char)text.ptr[i] < ' ')
			return false;
	}
	return tu_utf8_invalid_at(text) == text.len;
}

/* Check what is asked, and write it down. */
static enum tu_status note(struct worker *w, const struct tu_sign_ask *ask, struct tu_error *err)
{
	struct tu_sign_entry entry = {.at = ask->at,
		.who = tu_str_of(ask->who, ask->who_len),
		.purpose = (enum tu_sign_purpose)ask->purpose,
		.payload = tu_str_of(ask->payload, ask->payload_len)};
	enum tu_status status;

	if (!is_line(entry.who))
		return tu_fail(
			err, TU_E_SYNTAX, 0, "for whom it is signed is not a line of valid UTF-8");
	entry.key_id = tu_str_c(w->keys.of[ask->purpose].id);
	status = tu_sign_check(entry.purpose, entry.payload, entry.key_id, err);
	return status ? status : tu_sign__log_add(&w->log, &entry, err);
}

static enum tu_status sign(struct worker *w, const struct tu_sign_ask *ask,
	struct tu_sign_reply *reply, struct tu_error *err)
{
	enum tu_status status = note(w, ask, err);

	return status ? status
		      : tu_ed25519_sign(w->keys.of[ask->purpose].key.seed,
				tu_str_of(ask->payload, ask->payload_len), reply->signature, err);
}

/* ---- documents, by OpenPGP ---- */

static enum tu_status give_text(
	const struct tu_buf *text, struct tu_sign_reply *reply, struct tu_error *err)
{
	if (text->len > sizeof(reply->text))
		return tu_fail(err, TU_E_LIMIT, 0, "a key or a signature of %zu bytes", text->len);
	memcpy(reply->text, text->ptr, text->len);
	reply->text_len = (uint32_t)text->len;
	return TU_OK;
}

/* A copy that nobody else changes. */
static enum tu_status read_document(int fd, char **out_bytes, size_t *out_len, struct tu_error *err)
{
	off_t end = fd < 0 ? -1 : lseek(fd, 0, SEEK_END);
	size_t len = 0;
	ssize_t got = 1;

	*out_bytes = NULL;
	if (end <= 0 || end > TU_SIGN_DOCUMENT_MAX)
		return tu_fail(err, TU_E_LIMIT, 0,
			"a document to be signed has 1 to %d bytes, and comes with the request",
			TU_SIGN_DOCUMENT_MAX);
	*out_bytes = tu_alloc((size_t)end, 1);
	if (!*out_bytes)
		return tu_no_memory(err);
	for (; len < (size_t)end && got > 0; len += got > 0 ? (size_t)got : 0)
		got = pread(fd, *out_bytes + len, (size_t)end - len, (off_t)len);
	*out_len = len;
	return len == (size_t)end ? TU_OK : tu_fail(err, TU_E_IO, 0, "the document cannot be read");
}

static enum tu_status check_document(
	const struct tu_sign_ask *ask, struct tu_str document, struct tu_error *err)
{
	uint8_t named[TU_SHA256_BYTES], is[TU_SHA256_BYTES];

	if (tu_sha256(document, is))
		return tu_no_memory(err);
	if (!tu_sign_content_digest(tu_str_of(ask->payload, ask->payload_len), named) ||
		memcmp(named, is, sizeof(is)) != 0)
		return tu_fail(err, TU_E_CONSTRAINT, 0,
			"the document is not the one that the request names");
	return TU_OK;
}

static enum tu_status sign_document(struct worker *w, const struct tu_sign_ask *ask, int fd,
	struct tu_sign_reply *reply, struct tu_error *err)
{
	struct tu_sign_key *key = &w->keys.of[ask->purpose];
	struct tu_buf text;
	char *bytes = NULL;
	size_t len = 0;
	enum tu_status status = tu_sign_check((enum tu_sign_purpose)ask->purpose,
		tu_str_of(ask->payload, ask->payload_len), tu_str_c(key->id), err);

	tu_buf_init(&text, TU_OPENPGP_TEXT_MAX);
	if (!status)
		status = read_document(fd, &bytes, &len, err);
	if (!status)
		status = check_document(ask, tu_str_of(bytes, len), err);
	if (!status)
		status = tu_openpgp_sign(key->openpgp, tu_str_of(bytes, len), ask->at, &text, err);
	if (!status)
		status = note(w, ask, err);
	if (!status)
		status = give_text(&text, reply, err);
	tu_free(bytes);
	tu_buf_done(&text);
	return status;
}

static enum tu_status give_openpgp(
	struct worker *w, uint32_t purpose, struct tu_sign_reply *reply, struct tu_error *err)
{
	struct tu_buf text;
	enum tu_status status;

	tu_buf_init(&text, TU_OPENPGP_TEXT_MAX);
	status = tu_openpgp_public(w->keys.of[purpose].openpgp, &text, err);
	if (!status)
		status = give_text(&text, reply, err);
	memcpy(reply->fingerprint, w->keys.of[purpose].id, sizeof(reply->fingerprint));
	tu_buf_done(&text);
	return status;
}

/* ---- answering ---- */

/* Which operation is of which kind of key. */
static bool fits(uint32_t op, uint32_t purpose)
{
	bool openpgp = tu_sign_purpose_is_openpgp((enum tu_sign_purpose)purpose);

	return openpgp ? op == TU_SIGN_OP_OPENPGP || op == TU_SIGN_OP_DOCUMENT
		       : op == TU_SIGN_OP_KEY || op == TU_SIGN_OP_SIGN;
}

struct request {
	const struct tu_sign_ask *ask;
	size_t len;
	int fd; /* -1: none */
};

static enum tu_status serve(struct worker *w, const struct request *request,
	struct tu_sign_reply *reply, struct tu_error *err)
{
	const struct tu_sign_ask *ask = request->ask;
	enum tu_status status;

	if (request->len != sizeof(*ask) || ask->who_len > sizeof(ask->who) ||
		ask->payload_len > sizeof(ask->payload))
		return tu_fail(err, TU_E_USAGE, 0, "this is no request to the signing process");
	if (w->unfit.status) {
		*err = w->unfit;
		return err->status;
	}
	if (ask->op == TU_SIGN_OP_HELLO)
		return TU_OK;
	if (ask->purpose < TU_SIGN_PURPOSES && !fits(ask->op, ask->purpose))
		return tu_fail(err, TU_E_USAGE, 0, "the signing process does no such thing");
	status = key_of(w, ask->purpose, err);
	if (!status && ask->op == TU_SIGN_OP_OPENPGP)
		return give_openpgp(w, ask->purpose, reply, err);
	if (!status && ask->op == TU_SIGN_OP_DOCUMENT)
		return sign_document(w, ask, request->fd, reply, err);
	if (!status)
		memcpy(reply->public_key, w->keys.of[ask->purpose].key.public_key,
			sizeof(reply->public_key));
	return status || ask->op == TU_SIGN_OP_KEY ? status : sign(w, ask, reply, err);
}

static bool answer(struct worker *w, int socket, const struct request *request)
{
	const struct tu_sign_ask *ask = request->ask;
	struct tu_sign_reply reply = {.sequence = request->len == sizeof(*ask) ? ask->sequence : 0,
		.process = getpid(),
		.confined = w->confined};
	struct tu_error err = {0};
	enum tu_status status = serve(w, request, &reply, &err);

	reply.status = status;
	reply.line = (uint32_t)err.line;
	if (status)
		memcpy(reply.message, err.message, sizeof(reply.message));
	return send(socket, &reply, sizeof(reply), MSG_NOSIGNAL) == (ssize_t)sizeof(reply);
}

static void get_ready(struct worker *w, const struct tu_signer_options *options)
{
	enum tu_status status;

	tu_sign__hide();
	w->log.fd = -1;
	status = tu_sign__keys_load(options, &w->keys, &w->unfit);
	if (!status)
		status = tu_sign__log_open(options->folder, &w->log, &w->unfit);
	if (status) {
		(void)tu_error_flatten(&w->unfit);
		w->unfit.status = status;
	}
	w->confined = tu_sign__confine();
	if (!status && !w->confined && !options->unconfined)
		(void)tu_fail(&w->unfit, TU_E_UNSUPPORTED, 0,
			"the signing process cannot give up the network: the kernel has no "
			"seccomp, or the package libseccomp2 is not installed");
}

/* One packet, whose real length is given back, and the descriptor that came with it. */
static ssize_t receive(int socket, struct tu_sign_ask *ask, int *out_fd)
{
	union tu_descriptor_room room;
	struct iovec part = {ask, sizeof(*ask)};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
	ssize_t len;

	tu_descriptor_expect(&message, &room);
	len = recvmsg(socket, &message, MSG_TRUNC | MSG_CMSG_CLOEXEC);
	if (len >= 0)
		tu_descriptor_take(&message, out_fd);
	return len;
}

int tu_sign__work(int socket, const struct tu_signer_options *options)
{
	static struct worker w;
	static struct tu_sign_ask ask;
	bool going = true;

	get_ready(&w, options);
	while (going) {
		int fd = -1;
		ssize_t len = receive(socket, &ask, &fd);

		if (len < 0 && errno == EINTR)
			continue;
		going = len > 0 && answer(&w, socket, &(struct request){&ask, (size_t)len, fd});
		if (fd >= 0)
			(void)close(fd);
		tu_wipe(&ask, sizeof(ask));
	}
	tu_sign__keys_done(&w.keys);
	tu_sign__log_close(&w.log);
	return 0;
}
