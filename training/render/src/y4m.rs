//! Uncompressed video: YUV4MPEG2 with 4:2:0 chroma, which Chromium's fake camera plays.

use std::io::{self, Write};

use kr_lpr::frame::{Frame, PixelFormat};

/// Writes one frame after the other.
pub struct Y4m<W> {
    out: W,
    size: [u32; 2],
}

impl<W: Write> Y4m<W> {
    /// Begins a video of frames of `size` pixels, even numbers, `fps` a second.
    ///
    /// # Errors
    /// When nothing can be written.
    pub fn new(mut out: W, size: [u32; 2], fps: u32) -> io::Result<Y4m<W>> {
        writeln!(out, "YUV4MPEG2 W{} H{} F{fps}:1 Ip A1:1 C420", size[0], size[1])?;
        Ok(Y4m { out, size })
    }

    /// Adds a frame: BT.601 in the range of television (black 16, white 235), which is what players take it for.
    ///
    /// # Errors
    /// When the frame is of another or an odd size, or nothing can be written.
    pub fn push(&mut self, frame: &Frame) -> io::Result<()> {
        let [width, height] = self.size;
        let fits = [frame.width(), frame.height()] == self.size && width % 2 == 0 && height % 2 == 0;
        if !fits {
            let text = format!("a frame is {}x{}, the video is {width}x{height}", frame.width(), frame.height());
            return Err(io::Error::new(io::ErrorKind::InvalidInput, text));
        }
        let rgb = |x: u32, y: u32| {
            let channels = frame.format().channels();
            let at = (y as usize * width as usize + x as usize) * channels;
            match frame.format() {
                PixelFormat::Grey => [f32::from(frame.pixels()[at]); 3],
                _ => [0, 1, 2].map(|c| f32::from(frame.pixels()[at + c])),
            }
        };
        let dot = |[r, g, b]: [f32; 3], [kr, kg, kb]: [f32; 3], zero: f32| {
            (zero + (kr * r + kg * g + kb * b) / 256.0).round().clamp(0.0, 255.0) as u8
        };
        let mut planes = Vec::with_capacity(width as usize * height as usize * 3 / 2);
        for y in 0..height {
            planes.extend((0..width).map(|x| dot(rgb(x, y), [65.738, 129.057, 25.064], 16.0)));
        }
        for factors in [[-37.945, -74.494, 112.439], [112.439, -94.154, -18.285]] {
            for (x, y) in (0..height).step_by(2).flat_map(|y| (0..width).step_by(2).map(move |x| (x, y))) {
                let four = [rgb(x, y), rgb(x + 1, y), rgb(x, y + 1), rgb(x + 1, y + 1)];
                let mean = [0, 1, 2].map(|c| four.iter().map(|pixel| pixel[c]).sum::<f32>() / 4.0);
                planes.push(dot(mean, factors, 128.0));
            }
        }
        self.out.write_all(b"FRAME\n")?;
        self.out.write_all(&planes)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_frame_by_hand() {
        let mut bytes = Vec::new();
        let mut video = Y4m::new(&mut bytes, [4, 2], 15).unwrap();
        // Black and white on the left, red on the right.
        let (white, black, red) = ([255; 3], [0; 3], [255, 0, 0]);
        let pixels: Vec<u8> = [black, white, red, red, black, white, red, red].concat();
        video.push(&Frame::new(&pixels, 4, 2, PixelFormat::Rgb).unwrap()).unwrap();
        let grey = Frame::new(&[255; 8], 4, 2, PixelFormat::Grey).unwrap();
        video.push(&grey).unwrap();
        assert!(video.push(&Frame::new(&[0; 8], 2, 4, PixelFormat::Grey).unwrap()).is_err());
        let mut expected = b"YUV4MPEG2 W4 H2 F15:1 Ip A1:1 C420\nFRAME\n".to_vec();
        // Red is 81, 90, 240 in BT.601.
        expected.extend([16, 235, 81, 81, 16, 235, 81, 81, 128, 90, 128, 240]);
        expected.extend(b"FRAME\n");
        expected.extend([235; 8]);
        expected.extend([128; 4]);
        assert_eq!(bytes, expected);
    }
}
