#define _GNU_SOURCE /* SOCK_CLOEXEC */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/alloc.h"
#include "http/internal.h"

enum { BACKLOG = 511, CONNECTION_MEMORY = 8192 };

/* ---- addresses ---- */

union socket_address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
	struct sockaddr_un local;
};

static struct tu_http_address address_of(const struct sockaddr *from)
{
	const union socket_address *any = (const void *)from;
	struct tu_http_address address = {.local = true};

	if (!from || from->sa_family == AF_UNIX)
		return address;
	address.local = false;
	if (from->sa_family == AF_INET6) {
		memcpy(address.bytes, &any->v6.sin6_addr, sizeof(address.bytes));
	} else {
		address.bytes[10] = address.bytes[11] = 0xff;
		memcpy(address.bytes + 12, &any->v4.sin_addr, 4);
	}
	return address;
}

/* "127.0.0.1:8080", "[::1]:8080" */
static bool read_address(struct tu_str text, union socket_address *out, socklen_t *out_len)
{
	size_t colon = tu_str_rfind(text, ':');
	struct tu_http_address address = {0};
	uint64_t port = 0;

	memset(out, 0, sizeof(*out));
	if (colon == text.len || !tu_str_to_u64(tu_str_from(text, colon + 1), 65535, &port) ||
		!tu_http_address_read(text, &address) || address.local)
		return false;
	if (text.ptr[0] == '[') {
		out->v6.sin6_family = AF_INET6;
		out->v6.sin6_port = htons((uint16_t)port);
		memcpy(&out->v6.sin6_addr, address.bytes, sizeof(address.bytes));
		*out_len = sizeof(out->v6);
	} else {
		out->v4.sin_family = AF_INET;
		out->v4.sin_port = htons((uint16_t)port);
		memcpy(&out->v4.sin_addr, address.bytes + 12, 4);
		*out_len = sizeof(out->v4);
	}
	return true;
}

static enum tu_status failed(int fd, struct tu_str address, const char *what, struct tu_error *err)
{
	enum tu_status status = tu_fail(
		err, TU_E_IO, 0, "%.*s: %s: %s", TU_STR_FMT(address), what, strerror(errno));

	if (fd >= 0)
		close(fd);
	return status;
}

static enum tu_status bind_to(struct tu_str text, const union socket_address *address,
	socklen_t len, int *out_fd, struct tu_error *err)
{
	int fd = socket(address->any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0),
	    on = 1;

	if (fd < 0)
		return failed(fd, text, "cannot open a socket", err);
	if (address->any.sa_family != AF_UNIX)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (address->any.sa_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
	if (bind(fd, &address->any, len) != 0 || listen(fd, BACKLOG) != 0)
		return failed(fd, text, "cannot listen", err);
	*out_fd = fd;
	return TU_OK;
}

/* A socket that nobody listens on. To connect to any other file is refused, too. */
static bool is_left_over(const union socket_address *address)
{
	struct stat st;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool refused = fd >= 0 && lstat(address->local.sun_path, &st) == 0 &&
		S_ISSOCK(st.st_mode) && connect(fd, &address->any, sizeof(address->local)) != 0 &&
		errno == ECONNREFUSED;

	if (fd >= 0)
		close(fd);
	return refused;
}

static enum tu_status listen_local(
	struct tu_str text, struct tu_http_listener *out, struct tu_error *err)
{
	struct tu_str path = tu_str_from(text, strlen("unix:"));
	union socket_address address;
	enum tu_status status;

	memset(&address, 0, sizeof(address));
	if (path.len == 0 || path.len >= sizeof(address.local.sun_path))
		return tu_fail(err, TU_E_USAGE, 0,
			"%.*s: a Unix socket has a path of 1 to %zu bytes", TU_STR_FMT(text),
			sizeof(address.local.sun_path) - 1);
	address.local.sun_family = AF_UNIX;
	memcpy(address.local.sun_path, path.ptr, path.len);
	out->unlink = tu_alloc(path.len + 1, 1);
	if (!out->unlink)
		return tu_no_memory(err);
	memcpy(out->unlink, path.ptr, path.len);
	/* What a killed server left; nothing else is removed. */
	if (is_left_over(&address))
		unlink(out->unlink);
	status = bind_to(text, &address, sizeof(address.local), &out->fd, err);
	if (status != TU_OK) {
		tu_free(out->unlink);
		out->unlink = NULL;
	}
	return status;
}

enum tu_status tu_http__listen(struct tu_http *server, struct tu_str address,
	struct tu_http_listener *out, struct tu_error *err)
{
	union socket_address to;
	socklen_t len = sizeof(to);
	enum tu_status status;

	(void)server;
	out->fd = -1;
	if (tu_str_starts(address, TU_STR("unix:")))
		return listen_local(address, out, err);
	if (!read_address(address, &to, &len))
		return tu_fail(err, TU_E_USAGE, 0,
			"%.*s: not an address to listen on, such as 127.0.0.1:8080, [::1]:8080 or "
			"unix:/path",
			TU_STR_FMT(address));
	status = bind_to(address, &to, len, &out->fd, err);
	len = sizeof(to);
	if (status == TU_OK && getsockname(out->fd, &to.any, &len) == 0)
		out->port = ntohs(to.any.sa_family == AF_INET6 ? to.v6.sin6_port : to.v4.sin_port);
	return status;
}

/* ---- libmicrohttpd ---- */

static enum MHD_Result on_accept(void *cls, const struct sockaddr *from, socklen_t len)
{
	struct tu_http_address peer = address_of(len > 0 ? from : NULL);

	return tu_http__welcome(cls, &peer) ? MHD_YES : MHD_NO;
}

static void on_connection(void *cls, struct MHD_Connection *mhd, void **context,
	enum MHD_ConnectionNotificationCode what)
{
	struct tu_http *server = cls;
	const union MHD_ConnectionInfo *info;
	struct tu_http_address peer;

	if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
		if (*context)
			tu_http__disconnected(server, *context);
		*context = NULL;
		return;
	}
	info = server->mhd->MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	peer = address_of(info ? info->client_addr : NULL);
	info = server->mhd->MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
	if (info)
		*context = tu_http__connected(server, &peer, info->connect_fd);
}

/* The guard sees targets as they came: nothing is unescaped. */
static size_t leave_escaped(void *cls, struct MHD_Connection *mhd, char *text)
{
	(void)cls;
	(void)mhd;
	return strlen(text);
}

/* It says a line for every peer that has gone: those are counters of ours. */
static void drop_line(void *cls, const char *format, va_list arguments)
{
	(void)cls;
	(void)format;
	(void)arguments;
}

enum tu_status tu_http__serve(
	struct tu_http *server, struct tu_http_listener *listener, struct tu_error *err)
{
	unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC |
		MHD_USE_ERROR_LOG | (server->tls.key ? MHD_USE_TLS : 0);
	/* A pool of one is refused with a warning; the list ends where there is no TLS. 0.9 is not
	 * asked to be strict: it would be so only in part. */
	struct MHD_OptionItem more[] = {
		{MHD_OPTION_STRICT_FOR_CLIENT, server->strict_library ? 1 : 0, NULL},
		{server->tls.key ? MHD_OPTION_HTTPS_MEM_KEY : MHD_OPTION_END, 0, server->tls.key},
		{MHD_OPTION_HTTPS_MEM_CERT, 0, server->tls.certificate},
		{MHD_OPTION_END, 0, NULL},
	};

	listener->daemon = server->mhd->MHD_start_daemon(flags, 0, on_accept, server,
		tu_http__on_request, server, MHD_OPTION_EXTERNAL_LOGGER, drop_line, NULL,
		MHD_OPTION_LISTEN_SOCKET, listener->fd, MHD_OPTION_CONNECTION_LIMIT,
		server->mhd_limit, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY,
		MHD_OPTION_THREAD_POOL_SIZE, server->loops > 1 ? server->loops : 0,
		MHD_OPTION_NOTIFY_CONNECTION, on_connection, server, MHD_OPTION_NOTIFY_COMPLETED,
		tu_http__on_completed, server, MHD_OPTION_URI_LOG_CALLBACK, tu_http__on_line,
		server, MHD_OPTION_UNESCAPE_CALLBACK, leave_escaped, NULL, MHD_OPTION_ARRAY, more,
		MHD_OPTION_END);
	return listener->daemon
		? TU_OK
		: tu_fail(err, TU_E_IO, 0, "the server cannot be started%s",
			  server->tls.key ? ": is the certificate that of the key?" : "");
}

void tu_http__listener_quiesce(struct tu_http *server, struct tu_http_listener *listener)
{
	MHD_socket fd = listener->daemon ? server->mhd->MHD_quiesce_daemon(listener->daemon)
					 : MHD_INVALID_SOCKET;

	/* it stays open, for the loops may still look at it; who comes now is refused at once, not
	 * left waiting for nobody */
	if (fd != MHD_INVALID_SOCKET)
		(void)shutdown(fd, SHUT_RDWR);
	if (listener->unlink)
		unlink(listener->unlink);
}

void tu_http__listener_stop(struct tu_http *server, struct tu_http_listener *listener)
{
	if (listener->draining)
		server->mhd->MHD_stop_daemon(listener->draining);
	if (listener->daemon)
		server->mhd->MHD_stop_daemon(listener->daemon);
	if (listener->fd >= 0)
		close(listener->fd);
	tu_free(listener->unlink);
}
