//! What JavaScript calls.

use wasm_bindgen::prelude::*;

/// Pixels of a file; take them once.
#[wasm_bindgen]
pub struct Picture(crate::Decoded);

#[wasm_bindgen]
impl Picture {
    /// Pixels in a row.
    #[wasm_bindgen(getter)]
    pub fn width(&self) -> u32 {
        self.0.width
    }

    /// Number of rows.
    #[wasm_bindgen(getter)]
    pub fn height(&self) -> u32 {
        self.0.height
    }

    /// 1 is grey, 3 is RGB, 4 is RGBA.
    #[wasm_bindgen(getter)]
    pub fn channels(&self) -> u8 {
        self.0.channels
    }

    /// `width * height * channels` bytes, copied out of the module's memory.
    #[wasm_bindgen(js_name = takePixels)]
    pub fn take_pixels(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.0.pixels)
    }
}

/// Decodes the bytes of a file.
///
/// # Errors
/// What about the file cannot be decoded, in words that follow "the file".
#[wasm_bindgen(js_name = decodeFile)]
pub fn decode_file(file: &[u8]) -> Result<Picture, JsError> {
    crate::decode(file).map(Picture).map_err(|error| JsError::new(&error.to_string()))
}
