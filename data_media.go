package clarifai

import "strings"

// Image is an image, given by its URL or by its bytes.
type Image struct {
	URL               string               `json:"url,omitzero"`                 // public; the API downloads it
	Base64            []byte               `json:"base64,omitzero"`              // the bytes of the file, as they are: encoding them is done for you
	AllowDuplicateURL bool                 `json:"allow_duplicate_url,omitzero"` // take a URL that another input has too
	Hosted            *HostedURL           `json:"hosted,omitzero"`              // where the API keeps it; set by the API
	ImageInfo         *ImageInfo           `json:"image_info,omitzero"`          // of the original size; set by the API
	HostedImageInfo   map[string]ImageInfo `json:"hosted_image_info,omitzero"`   // of the other sizes in Hosted.Sizes; set by the API
	DecodedBytes      []byte               `json:"decoded_bytes,omitzero"`       // used by the API itself
}

// ImageInfo describes an image.
type ImageInfo struct {
	Width     int32  `json:"width,omitzero"`  // pixels
	Height    int32  `json:"height,omitzero"` // pixels
	Format    string `json:"format,omitzero"` // such as JPEG
	ColorMode string `json:"color_mode,omitzero"`
	Mode      string `json:"mode,omitzero"` // of Image.DecodedBytes, such as RGB
}

// HostedURL says where the API keeps a file.
type HostedURL struct {
	Prefix      string   `json:"prefix,omitzero"`
	Suffix      string   `json:"suffix,omitzero"`
	Sizes       []string `json:"sizes,omitzero"`
	Crossorigin string   `json:"crossorigin,omitzero"` // of the HTML element that shows it; use-credentials with secure data hosting
}

// URL returns the URL of the file in one of the Sizes, or "" if h is nil.
func (h *HostedURL) URL(size string) string {
	if h == nil {
		return ""
	}
	return strings.TrimSuffix(h.Prefix, "/") + "/" + size + "/" + strings.TrimPrefix(h.Suffix, "/")
}

// Video is a video, given by its URL or by its bytes.
type Video struct {
	URL               string     `json:"url,omitzero"`    // public; the API downloads it
	Base64            []byte     `json:"base64,omitzero"` // the bytes of the file, as they are
	AllowDuplicateURL bool       `json:"allow_duplicate_url,omitzero"`
	ThumbnailURL      string     `json:"thumbnail_url,omitzero"`    // of the frame at 1 s; superseded by HostedThumbnail
	Hosted            *HostedURL `json:"hosted,omitzero"`           // set by the API
	HostedThumbnail   *HostedURL `json:"hosted_thumbnail,omitzero"` // set by the API
	VideoInfo         *VideoInfo `json:"video_info,omitzero"`       // set by the API
}

// VideoInfo describes a video.
type VideoInfo struct {
	Width           int32   `json:"width,omitzero"`  // pixels
	Height          int32   `json:"height,omitzero"` // pixels
	FPS             float64 `json:"fps,omitzero"`    // frames per second
	VideoFormat     string  `json:"video_format,omitzero"`
	BitRate         int32   `json:"bit_rate,omitzero"`
	FrameCount      int32   `json:"frame_count,omitzero"`
	DurationSeconds float64 `json:"duration_seconds,omitzero"`
}

// Audio is an audio clip, given by its URL or by its bytes.
type Audio struct {
	URL               string     `json:"url,omitzero"`    // public; the API downloads it
	Base64            []byte     `json:"base64,omitzero"` // the bytes of the file, as they are
	AllowDuplicateURL bool       `json:"allow_duplicate_url,omitzero"`
	Hosted            *HostedURL `json:"hosted,omitzero"`     // set by the API
	AudioInfo         *AudioInfo `json:"audio_info,omitzero"` // set by the API
}

// AudioInfo describes an audio clip.
type AudioInfo struct {
	AudioFormat     string  `json:"audio_format,omitzero"`
	SampleRate      int32   `json:"sample_rate,omitzero"` // hertz
	DurationSeconds float64 `json:"duration_seconds,omitzero"`
	BitRate         int32   `json:"bit_rate,omitzero"`
}

// Text is a text, given as it is or by its URL.
type Text struct {
	Raw               string     `json:"raw,omitzero"`
	URL               string     `json:"url,omitzero"` // public; the API downloads it
	AllowDuplicateURL bool       `json:"allow_duplicate_url,omitzero"`
	Hosted            *HostedURL `json:"hosted,omitzero"`    // set by the API
	TextInfo          *TextInfo  `json:"text_info,omitzero"` // set by the API
}

// TextInfo describes a text.
type TextInfo struct {
	CharCount int32  `json:"char_count,omitzero"`
	Encoding  string `json:"encoding,omitzero"`
}

// Frame is a moment of a video.
type Frame struct {
	FrameInfo *FrameInfo `json:"frame_info,omitzero"`
	Data      *Data      `json:"data,omitzero"` // what is in it
	ID        string     `json:"id,omitzero"`
}

// FrameInfo says which frame of a video it is.
type FrameInfo struct {
	Index  uint32 `json:"index,omitzero"`  // in the order of processing; superseded by Time
	Time   uint32 `json:"time,omitzero"`   // milliseconds from the start
	Number uint32 `json:"number,omitzero"` // in the original video
}

// Track follows an object through a video.
type Track struct {
	ID       string    `json:"id,omitzero"`
	Data     *Data     `json:"data,omitzero"`
	TimeInfo *TimeInfo `json:"time_info,omitzero"`
	Quality  float64   `json:"quality,omitzero"`
}

// TimeSegment is a stretch of a video or an audio clip.
type TimeSegment struct {
	ID       string    `json:"id,omitzero"`
	Data     *Data     `json:"data,omitzero"`
	TimeInfo *TimeInfo `json:"time_info,omitzero"`
}

// TimeInfo is a time from begin to end, whose unit the API does not document.
type TimeInfo struct {
	NumFrames uint32  `json:"num_frames,omitzero"`
	BeginTime float64 `json:"begin_time,omitzero"`
	EndTime   float64 `json:"end_time,omitzero"`
}

// Part is one of several parts of multi-modal data.
type Part struct {
	Data *Data  `json:"data,omitzero"`
	ID   string `json:"id,omitzero"`
}

// NDArray is a NumPy array.
type NDArray struct {
	Buffer []byte   `json:"buffer,omitzero"` // as array.tobytes() gives it
	Shape  []uint32 `json:"shape,omitzero"`
	Dtype  string   `json:"dtype,omitzero"` // such as float32
}
