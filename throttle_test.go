package clarifai_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/clarifai-go/clarifai"
	"golang.org/x/time/rate"
)

// bucket is a server of pages that takes so many requests per second, and refuses
// the others.
type bucket struct {
	limiter *rate.Limiter
	latency time.Duration
	pages   *faultyServer

	mu            sync.Mutex
	took, refused int
}

func (b *bucket) answer(r *http.Request, _ int) (*http.Response, error) {
	time.Sleep(b.latency / 2)
	allowed := b.limiter.Allow()
	time.Sleep(b.latency / 2)
	b.mu.Lock()
	defer b.mu.Unlock()
	if !allowed {
		b.refused++
		return respond(429, `{"status":{"code":"CONN_THROTTLED"}}`)
	}
	b.took++
	page, key := requestedPage(r)
	return respond(200, string(b.pages.page(page, key)))
}

func TestAClientFindsThePaceThatTheServerTakes(t *testing.T) {
	const perPage = 2
	for _, pages := range []int{120, 1000} {
		for _, burst := range []int{1, 15} {
			for _, prefetch := range []int{8, 32} {
				for _, latency := range []time.Duration{0, 50 * time.Millisecond, 200 * time.Millisecond, 400 * time.Millisecond} {
					t.Run(fmt.Sprintf("%d pages/bursts of %d/Prefetch(%d)/latency %v", pages, burst, prefetch, latency), func(t *testing.T) {
						synctest.Test(t, func(t *testing.T) {
							b := &bucket{limiter: rate.NewLimiter(15, burst), latency: latency, pages: &faultyServer{pages: pages, perPage: perPage}}
							server := &inMemory{answer: b.answer}
							start := time.Now()
							items, err := toTheEnd(t, pagedCalls[0].all(t.Context(), server.client(t), clarifai.PageParams{PerPage: perPage}, clarifai.Prefetch(prefetch)))
							if err != nil {
								t.Error(err)
							}
							inOrder(t, items, pages*perPage)
							refused := float64(b.refused) / float64(b.took+b.refused)
							if pages >= 1000 && refused >= 0.05 {
								t.Errorf("%.1f percent of the requests were refused", 100*refused)
							}
							took := time.Since(start)
							t.Logf("%d taken, %d refused (%.1f percent), in %v, %.1f per second", b.took, b.refused, 100*refused, took.Round(time.Second), float64(b.took)/took.Seconds())
						})
					})
				}
			}
		}
	}
}
