// A load client for loopback: one thread, epoll, keep-alive connections. It prints one JSON object.
//
//   loadgen -u 127.0.0.1:PORT -p PATH -k KEY -b BODYFILE -n CONNECTIONS [-d SECONDS] [-w WARM-UP] [-R RAMP] -m MODE
//
// MODE
//   closed -N COUNT  exactly COUNT requests, each connection asks again as soon as it was answered
//   rate -r RATE     RATE requests a second, come what may: a latency is counted from the moment at which the
//                    request was due, so that a server that stalls is charged for what waited meanwhile
//   stream           as many streams at once as there are connections, begun anew when they end; the upstream
//                    stamps each event with the time of its writing, so the delay of every event is known
//   hold             that many streams, opened once and kept open
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
static uint64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000ull + t.tv_nsec;
}
// log-linear histogram in ns: 64 sub-buckets per power of two => ~1.6 % resolution
#define HB (64 * 64)
typedef struct {
    uint64_t b[HB], n, max;
    double sum;
} hist;
static int bi(uint64_t v) {
    if (v < 64)
        return v;
    int e = 63 - __builtin_clzll(v);
    return (e - 5) * 64 + ((v >> (e - 6)) & 63);
}
static uint64_t bv(int i) {
    if (i < 64)
        return i;
    int e = i / 64 + 5;
    return (1ull << e) | ((uint64_t)(i % 64) << (e - 6));
}
static void hadd(hist *h, uint64_t v) {
    h->b[bi(v)]++;
    h->n++;
    h->sum += v;
    if (v > h->max)
        h->max = v;
}
static double hq(hist *h, double q) {
    uint64_t t = q * h->n, c = 0;
    for (int i = 0; i < HB; i++) {
        c += h->b[i];
        if (c > t)
            return bv(i);
    }
    return h->max;
}
static double habove(hist *h, uint64_t v) {
    uint64_t c = 0;
    int k = bi(v);
    for (int i = k + 1; i < HB; i++)
        c += h->b[i];
    return h->n ? 100.0 * c / h->n : 0;
}
typedef struct conn {
    int fd, st; /*0 closed 1 connecting 2 idle 3 busy*/
    char *in;
    size_t n, cap;
    size_t soff;
    uint64_t t0;
    int first;
    int status;
    long clen;
    size_t hdr;
    size_t woff;
    int connectedflag;
    struct conn *nx;
} conn;
static hist delay, ttft, lat;
static long errs, non200, reqs, done_n, chunks, reconn, streams_ok;
static char *req;
static size_t reqlen;
static int ep;
static struct sockaddr_in addr;
static uint64_t tstart, tend, twarm;
static int mode;
static long firsterrs;
static char firsterr[512];
static void opensock(conn *c) {
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    int o = 1;
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &o, 4);
    c->st = 1;
    c->n = 0;
    int r = connect(c->fd, (void *)&addr, sizeof addr);
    (void)r;
    struct epoll_event e = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data.ptr = c};
    epoll_ctl(ep, EPOLL_CTL_ADD, c->fd, &e);
}
static void closec(conn *c) {
    close(c->fd);
    c->fd = -1;
    c->st = 0;
    c->n = 0;
}
static int wr(conn *c) {
    while (c->woff < reqlen) {
        ssize_t r = send(c->fd, req + c->woff, reqlen - c->woff, MSG_NOSIGNAL);
        if (r > 0)
            c->woff += r;
        else if (r < 0 && errno == EAGAIN)
            return 0;
        else
            return -1;
    }
    return 0;
}
static int startreq(conn *c, uint64_t t0) {
    c->st = 3;
    c->t0 = t0;
    c->first = 1;
    c->n = 0;
    c->soff = 0;
    c->hdr = 0;
    c->clen = -2;
    c->woff = 0;
    c->status = 0;
    reqs++;
    return wr(c);
}
static int parse(conn *c, uint64_t t) { // 1 = complete
    if (!c->hdr) {
        char *e = memmem(c->in, c->n, "\r\n\r\n", 4);
        if (!e)
            return 0;
        c->hdr = e - c->in + 4;
        c->status = atoi(c->in + 9);
        c->clen = -1;
        for (char *p = c->in; p < e; p++)
            if (*p == '\n' && !strncasecmp(p + 1, "content-length:", 15))
                c->clen = atol(p + 16);
        c->soff = c->hdr;
        if (c->status != 200) {
            non200++;
            if (!firsterrs++) {
                size_t k = c->n < 500 ? c->n : 500;
                memcpy(firsterr, c->in, k);
                firsterr[k] = 0;
            }
        }
    }
    if (c->clen >= 0) {
        if (c->n >= c->hdr + c->clen) {
            if (c->first) {
                c->first = 0;
                if (t >= twarm)
                    hadd(&ttft, t - c->t0);
            }
            return 1;
        }
        return 0;
    }
    // chunked / SSE
    if (c->first && memmem(c->in + c->hdr, c->n - c->hdr, "data:", 5)) {
        c->first = 0;
        if (t >= twarm)
            hadd(&ttft, t - c->t0);
    }
    if (mode != 1 && mode != 3) { // scan stamps
        for (;;) {
            char *s = memmem(c->in + c->soff, c->n - c->soff, " t=", 3);
            if (!s)
                break;
            char *e = memchr(s + 3, ' ', c->in + c->n - (s + 3));
            if (!e)
                break;
            uint64_t v = strtoull(s + 3, NULL, 10);
            chunks++;
            if (t >= twarm && v && t > v)
                hadd(&delay, t - v);
            c->soff = e - c->in;
        }
    }
    if (c->n >= c->hdr + 5 && !memcmp(c->in + c->n - 5, "0\r\n\r\n", 5) &&
        (c->n == c->hdr + 5 || c->in[c->n - 6] == '\n'))
        return 1;
    // drop consumed bytes, keep a tail
    if (mode != 1 && mode != 3 && c->soff > 65536) {
        size_t keep = c->soff;
        memmove(c->in + c->hdr, c->in + keep, c->n - keep);
        c->n -= keep - c->hdr;
        c->soff = c->hdr;
    }
    return 0;
}
int main(int ac, char **av) {
    char *host = "127.0.0.1";
    int port = 19080;
    char *path = "/v1/chat/completions", *key = "sk-test", *bf = NULL, *m = "stream";
    int n = 10;
    double dur = 5, warm = 1, rate = 100, ramp = 0;
    long maxn = 0;
    int o;
    while ((o = getopt(ac, av, "u:p:k:b:n:d:w:m:r:R:N:")) > 0)
        switch (o) {
        case 'u': {
            char *c = strchr(optarg, ':');
            host = strndup(optarg, c - optarg);
            port = atoi(c + 1);
            break;
        }
        case 'p':
            path = optarg;
            break;
        case 'k':
            key = optarg;
            break;
        case 'b':
            bf = optarg;
            break;
        case 'n':
            n = atoi(optarg);
            break;
        case 'd':
            dur = atof(optarg);
            break;
        case 'w':
            warm = atof(optarg);
            break;
        case 'm':
            m = optarg;
            break;
        case 'r':
            rate = atof(optarg);
            break;
        case 'R':
            ramp = atof(optarg);
            break;
        case 'N':
            maxn = atol(optarg);
            break;
        default:
            return 2;
        }
    if (dur > 300)
        dur = 300;
    alarm(dur + warm + ramp + 30);
    signal(SIGPIPE, SIG_IGN);
    prctl(PR_SET_TIMERSLACK, 1000);
    if (strncmp(host, "127.", 4)) {
        fprintf(stderr, "loopback only\n");
        return 2;
    }
    struct rlimit rl = {65536, 65536};
    setrlimit(RLIMIT_NOFILE, &rl);
    mode = !strcmp(m, "rate") ? 1 : !strcmp(m, "hold") ? 2 : !strcmp(m, "closed") ? 3 : 0;
    FILE *f = fopen(bf, "rb");
    fseek(f, 0, SEEK_END);
    long bl = ftell(f);
    rewind(f);
    req = malloc(bl + 2048);
    int h = sprintf(
        req,
        "POST %s HTTP/1.1\r\nHost: %s:%d\r\nContent-Type: application/json\r\nAccept: application/json\r\nUser-Agent: "
        "OpenAI/Python 1.109.1\r\nAuthorization: Bearer %s\r\nContent-Length: %ld\r\n\r\n",
        path, host, port, key, bl);
    if (fread(req + h, 1, bl, f) != bl)
        return 3;
    reqlen = h + bl;
    addr.sin_family = AF_INET;
    addr.sin_port = htons(port);
    inet_pton(AF_INET, host, &addr.sin_addr);
    ep = epoll_create1(0);
    conn *cs = calloc(n, sizeof(conn));
    tstart = now_ns();
    twarm = tstart + (warm + ramp) * 1e9;
    tend = twarm + dur * 1e9;
    int opened = 0;
    conn *freeh = NULL;
    uint64_t due = 0;
    double per = 1e9 / rate;
    long sent_i = 0;
    long backlog = 0, maxback = 0;
    struct epoll_event ev[512];
    for (;;) {
        uint64_t t = now_ns();
        if (t >= tend)
            break;
        if (mode == 3 && done_n + errs >= maxn)
            break;
        // ramp opening
        int target = ramp > 0 ? (int)((t - tstart) / 1e9 / ramp * n) + 1 : n;
        if (target > n)
            target = n;
        while (opened < target) {
            conn *c = &cs[opened++];
            c->cap = 32768;
            c->in = malloc(c->cap + 1);
            opensock(c);
        }
        uint64_t nextev = tend;
        if (ramp > 0 && opened < n) {
            uint64_t x = t + 1000000;
            if (x < nextev)
                nextev = x;
        }
        if (mode == 1) {
            uint64_t base = tstart + 200000000ull; // 200 ms for connects
            while (1) {
                due = base + (uint64_t)(sent_i * per);
                if (due > t)
                    break;
                if (!freeh)
                    break;
                conn *c = freeh;
                freeh = c->nx;
                sent_i++;
                if (startreq(c, due) < 0) {
                    errs++;
                    closec(c);
                    opensock(c);
                }
            }
            if (due > t) {
                if (due < nextev)
                    nextev = due;
            } else {
                backlog = (t - base) / per - sent_i;
                if (backlog > maxback)
                    maxback = backlog;
            }
        }
        uint64_t d = nextev > t ? nextev - t : 0;
        struct timespec ts = {d / 1000000000, d % 1000000000};
        int k = epoll_pwait2(ep, ev, 512, &ts, NULL);
        for (int i = 0; i < k; i++) {
            conn *c = ev[i].data.ptr;
            if (c->fd < 0)
                continue;
            uint32_t e = ev[i].events;
            if (c->st == 1) {
                if (e & (EPOLLERR | EPOLLHUP)) {
                    errs++;
                    closec(c);
                    if (now_ns() < tend - 100000000ull) {
                        usleep(1000);
                        opensock(c);
                    }
                    continue;
                }
                if (e & EPOLLOUT) {
                    c->st = 2;
                    if (mode == 1) {
                        c->nx = freeh;
                        freeh = c;
                    } else if (mode == 3 && reqs >= maxn) {
                    } else if (startreq(c, now_ns()) < 0) {
                        errs++;
                        closec(c);
                        continue;
                    }
                }
            } else if ((e & EPOLLOUT) && c->st == 3 && c->woff < reqlen) {
                if (wr(c) < 0) {
                    errs++;
                    closec(c);
                    reconn++;
                    opensock(c);
                    continue;
                }
            }
            if (e & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) {
                int dead = 0;
                for (;;) {
                    if (c->cap - c->n < 16384) {
                        c->cap *= 2;
                        c->in = realloc(c->in, c->cap + 1);
                    }
                    ssize_t r = recv(c->fd, c->in + c->n, c->cap - c->n, 0);
                    if (r > 0) {
                        c->n += r;
                        continue;
                    }
                    if (r == 0) {
                        dead = 1;
                    } else if (errno == EINTR)
                        continue;
                    else if (errno != EAGAIN)
                        dead = 1;
                    break;
                }
                uint64_t t2 = now_ns();
                if (c->st == 3) {
                    int r = parse(c, t2);
                    if (r == 1 || (dead && c->hdr && c->clen == -1 && memmem(c->in, c->n, "[DONE]", 6))) {
                        done_n++;
                        if (c->status == 200)
                            streams_ok++;
                        if (t2 >= twarm)
                            hadd(&lat, t2 - c->t0);
                        c->st = 2;
                        if (dead) {
                            closec(c);
                            reconn++;
                            opensock(c);
                            continue;
                        }
                        if (mode == 1) {
                            c->nx = freeh;
                            freeh = c;
                        } else if (mode == 0 || (mode == 3 && reqs < maxn)) {
                            if (startreq(c, now_ns()) < 0) {
                                errs++;
                                closec(c);
                                opensock(c);
                            }
                        }
                        continue;
                    }
                    if (dead) {
                        errs++;
                        closec(c);
                        reconn++;
                        if (mode != 2)
                            opensock(c);
                    }
                } else if (dead) { // idle close
                    if (mode == 1) {
                        conn **pp = &freeh;
                        while (*pp && *pp != c)
                            pp = &(*pp)->nx;
                        if (*pp)
                            *pp = c->nx;
                    }
                    closec(c);
                    reconn++;
                    opensock(c);
                }
            }
        }
    }
    int open = 0;
    for (int i = 0; i < n; i++)
        if (cs[i].st == 3)
            open++;
    double el = (now_ns() - twarm) / 1e9;
    printf("{\"mode\":\"%s\",\"conns\":%d,\"secs\":%.2f,\"requests\":%ld,\"completed\":%ld,\"ok\":%ld,\"rps\":%.1f,"
           "\"errors\":%ld,\"non200\":%ld,\"reconnects\":%ld,\"busy_at_end\":%d,\"max_backlog\":%ld,",
           m, n, el, reqs, done_n, streams_ok, lat.n / el, errs, non200, reconn, open, maxback);
    printf("\"lat_us\":{\"n\":%lu,\"mean\":%.1f,\"p50\":%.1f,\"p90\":%.1f,\"p99\":%.1f,\"p999\":%.1f,\"max\":%.1f},",
           lat.n, lat.n ? lat.sum / lat.n / 1e3 : 0, hq(&lat, .5) / 1e3, hq(&lat, .9) / 1e3, hq(&lat, .99) / 1e3,
           hq(&lat, .999) / 1e3, lat.max / 1e3);
    printf("\"ttft_us\":{\"n\":%lu,\"p50\":%.1f,\"p90\":%.1f,\"p99\":%.1f,\"max\":%.1f},", ttft.n, hq(&ttft, .5) / 1e3,
           hq(&ttft, .9) / 1e3, hq(&ttft, .99) / 1e3, ttft.max / 1e3);
    printf("\"chunks\":%ld,\"chunks_per_s\":%.0f,\"delay_us\":{\"n\":%lu,\"mean\":%.1f,\"p50\":%.1f,\"p90\":%.1f,"
           "\"p99\":%.1f,\"max\":%.1f,\"pct_over_50ms\":%.3f}}\n",
           chunks, delay.n / el, delay.n, delay.n ? delay.sum / delay.n / 1e3 : 0, hq(&delay, .5) / 1e3,
           hq(&delay, .9) / 1e3, hq(&delay, .99) / 1e3, delay.max / 1e3, habove(&delay, 50000000));
    if (firsterrs)
        fprintf(stderr, "first non-200: %s\n", firsterr);
    return 0;
}
